-- runs outside a transaction
create unique index concurrently if not exists notices_of_operation on notices using btree (user_id, side, operation_id, kind, store_id, partner_id);
--> statement-breakpoint
-- What waits to be dispatched, however much that is: rows are locked here, and no table. What was dispatched, and notices of
-- before, are not looked at by their operation again.
update events set operation_id = deed_id where operation_id is null and dispatched_at is null;
--> statement-breakpoint
update gateway_processes set heartbeat_at = beat_at where heartbeat_at is null;
