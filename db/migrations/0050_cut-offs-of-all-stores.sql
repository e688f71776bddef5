-- runs outside a transaction
create index concurrently if not exists cut_offs_of_all_stores on cut_offs using btree (partner_id, at) where store_id = '';
--> statement-breakpoint
create index concurrently if not exists cut_offs_of_all_stores_by_time on cut_offs using btree (at) where store_id = '';
