ALTER TABLE "log_queue" ADD COLUMN "queued_at" timestamp (3) with time zone DEFAULT now();
--> statement-breakpoint
-- Whoever works as the application can no longer keep a revocation out of the log: what fills the queue, and what empties it, works as the owner.
alter function log_revocations() security definer;
--> statement-breakpoint
alter function log_proofs() security definer;
--> statement-breakpoint
alter function log_cut_offs() security definer;
--> statement-breakpoint
alter function log_pauses() security definer;
--> statement-breakpoint
-- Of these rows those that the log has. What was cut out of the record before it was there stays in the queue, and is seen.
create function forget_logged(ids bigint[]) returns int language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  forgotten int;
begin
  delete from log_queue where log_queue.id = any(ids) and exists (
    select from log_entries where log_entries.fact_key = log_queue.fact_key and log_entries.kind = log_queue.kind);
  get diagnostics forgotten = row_count;
  return forgotten;
end $$;
--> statement-breakpoint
revoke insert, delete on log_queue from partner_tokens_app;