-- runs outside a transaction
create index concurrently if not exists audit_events_of_store on audit_events using btree (store_id, id) where store_id is not null;
--> statement-breakpoint
create index concurrently if not exists audit_events_of_partner on audit_events using btree (partner_id, id) where partner_id is not null;
