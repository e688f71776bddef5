-- runs outside a transaction
create index concurrently if not exists tokens_of_store_by_last_characters on tokens using btree (store_id, lower(last_characters));
--> statement-breakpoint
create index concurrently if not exists tokens_of_partner_by_last_characters on tokens using btree (partner_id, lower(last_characters));
