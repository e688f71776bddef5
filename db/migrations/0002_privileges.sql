-- What the application may do. Facts (tokens, revocations, audit) can be added and read, never changed.
grant usage on schema public to partner_tokens_app;
--> statement-breakpoint
grant select, insert on tokens, revocations to partner_tokens_app;
--> statement-breakpoint
-- Without the number of the row, which the database counts itself: nobody takes the next one's.
grant select, insert (occurred_at, action, side, user_id, user_name, store_id, partner_id, token_id, reason, note, address, details)
  on audit_events to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update on sessions, token_usage to partner_tokens_app;
--> statement-breakpoint
-- The right to update a column is what locking the row takes.
grant select, update (apis) on partner_access to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update, delete on sign_in_attempts to partner_tokens_app;
--> statement-breakpoint
grant select on stores, partners, orders, users, store_members, partner_members to partner_tokens_app;
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% keeps facts: rows are added, never changed or deleted', tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
-- The owner of the tables has every privilege; these stop a slip of his hand as well.
create trigger revocations_are_final before update or delete or truncate on revocations
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger audit_events_are_final before update or delete or truncate on audit_events
  for each statement execute function refuse_change();
