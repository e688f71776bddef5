alter table sign_in_attempts rename to rate_limit_counters;
--> statement-breakpoint
alter index sign_in_attempts_pkey rename to rate_limit_counters_pkey;
--> statement-breakpoint
-- Processes of the version before count here until they are restarted; a later version drops it.
create view sign_in_attempts with (security_invoker) as select * from rate_limit_counters;
--> statement-breakpoint
grant select, insert, update, delete on sign_in_attempts to partner_tokens_app;
