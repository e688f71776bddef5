grant insert, update (removed_at, added_at) on partner_access to partner_tokens_app;
--> statement-breakpoint
grant insert on partners to partner_tokens_app;
--> statement-breakpoint
-- Without `is_operator`: an operator is made by the platform only.
grant insert (id, email, name, password_hash, created_at), update (name, password_hash, language, time_zone, muted_mails)
  on users to partner_tokens_app;
--> statement-breakpoint
grant insert, update, delete on store_members, partner_members to partner_tokens_app;
--> statement-breakpoint
-- Locking a store's or a partner's row, so that its last owner stays, takes the right to update a column of it.
grant update (created_at) on stores, partners to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (decision, decided_at, decided_by, answer, partner_id)
  on partner_applications to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (encrypted_text, collected_at, collected_from, collected_by) on handovers to partner_tokens_app;
--> statement-breakpoint
grant select, insert on token_adoptions to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update on retirement_plans to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (dispatched_at), delete on events to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (read_at), delete on notices to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (body, sent_at, attempts, last_error), delete on mails to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (url, encrypted_secret, kinds, disabled_at, removed_at) on webhook_endpoints to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (state, attempts, next_attempt_at), delete on webhook_deliveries to partner_tokens_app;
--> statement-breakpoint
grant select, insert, delete on webhook_attempts to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (accepted_at, accepted_by, withdrawn_at, hash, expires_at) on invitations to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (used_at), delete on password_resets to partner_tokens_app;
--> statement-breakpoint
create trigger token_adoptions_are_final before update or delete or truncate on token_adoptions
  for each statement execute function refuse_change();
