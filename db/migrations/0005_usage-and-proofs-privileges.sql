-- Counts and signs of life are no record: they are added up, moved and pruned.
grant select, insert, update, delete
  on token_usage_hours, token_usage_days, token_addresses, gateway_processes, usage_writers to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update on revoked_token_attempts to partner_tokens_app;
--> statement-breakpoint
grant select, insert, delete on refusal_proofs to partner_tokens_app;
--> statement-breakpoint
grant select, insert on refusal_proof_answers to partner_tokens_app;
--> statement-breakpoint
-- Those that ended long ago are pruned.
grant delete on sessions to partner_tokens_app;
--> statement-breakpoint
-- The built-in store lets partners change the status of an order, nothing else of it.
grant update (status) on orders to partner_tokens_app;
--> statement-breakpoint
-- Counted up at every use: room on the page keeps these updates off the indexes.
alter table token_usage_hours set (fillfactor = 70);
--> statement-breakpoint
alter table token_usage set (fillfactor = 80);
