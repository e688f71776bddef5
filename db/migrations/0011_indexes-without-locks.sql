-- runs outside a transaction
-- 0004 and 0006 made these under locks that kept everybody waiting; a database that ran those has them already.
create index concurrently if not exists sessions_by_expiry on sessions using btree (expires_at);
--> statement-breakpoint
create unique index concurrently if not exists stores_by_host on stores using btree (lower(id));
--> statement-breakpoint
create index concurrently if not exists tokens_by_expiry on tokens using btree (expires_at, id);
--> statement-breakpoint
create index concurrently if not exists audit_events_of_access on audit_events using btree (store_id, partner_id, id) where token_id is null;
