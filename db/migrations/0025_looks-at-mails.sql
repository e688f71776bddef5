ALTER TABLE "mails" ADD COLUMN "next_look_at" timestamp (3) with time zone;--> statement-breakpoint
grant update (next_look_at) on mails to partner_tokens_app;--> statement-breakpoint
-- Longer than a worker that was killed in a try goes unnoticed. A trigger, for processes of the version before try mails as well.
create function look_after_try() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.next_look_at := clock_timestamp() + interval '1 minute';
  return new;
end $$;
--> statement-breakpoint
create trigger mails_are_looked_at before update of attempts on mails
  for each row when (new.attempts > old.attempts) execute function look_after_try();
