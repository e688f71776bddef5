-- runs outside a transaction
create unique index concurrently if not exists notices_of_operation on notices using btree (user_id, side, operation_id, kind, store_id, partner_id);
