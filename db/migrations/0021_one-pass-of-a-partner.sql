-- runs outside a transaction
create index concurrently if not exists partner_access_of_partner on partner_access using btree (partner_id, store_id);
