-- What the application may do. Facts (tokens, revocations, audit) can be added and read, never changed.
grant usage on schema public to partner_tokens_app;
--> statement-breakpoint
grant select, insert on tokens, revocations, audit_events to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update on users, sessions, store_members, partner_members, partner_access, token_usage to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update, delete on sign_in_attempts to partner_tokens_app;
--> statement-breakpoint
grant select on stores, partners, orders to partner_tokens_app;
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
