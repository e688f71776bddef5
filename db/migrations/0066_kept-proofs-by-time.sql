-- runs outside a transaction
create index concurrently if not exists kept_proofs_by_time on kept_proofs using btree (proved_at);
