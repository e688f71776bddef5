-- runs outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tokens_of_pair_by_creation" ON "tokens" USING btree ("store_id","partner_id","created_at","id");
