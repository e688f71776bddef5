-- runs outside a transaction
create index concurrently if not exists partner_access_in_partner_order on partner_access using btree (store_id, partner_name collate name_order, partner_id);
--> statement-breakpoint
create index concurrently if not exists partner_access_in_store_order on partner_access using btree (partner_id, store_name collate name_order, store_id);
--> statement-breakpoint
create index concurrently if not exists partner_access_partner_parts on partner_access using gin (search_parts(partner_name, partner_id));
--> statement-breakpoint
create index concurrently if not exists partner_access_store_parts on partner_access using gin (search_parts(store_name, store_id));
--> statement-breakpoint
-- Searched for names by their letters alone, and no search asks for a name alone.
drop index concurrently if exists partner_access_search_partner;
--> statement-breakpoint
drop index concurrently if exists partner_access_search_store;
--> statement-breakpoint
create index concurrently if not exists webhook_deliveries_due on webhook_deliveries using btree ((next_attempt_at at time zone 'UTC'), id) where state = 'waiting';
--> statement-breakpoint
create index concurrently if not exists mails_to_queue on mails using btree ((unsubscribe_url is not null), id) where attempts = 0 and body is not null;
--> statement-breakpoint
-- Held what was given up untried as well, and each look walked past it.
drop index concurrently if exists mails_untried;
--> statement-breakpoint
-- What waited before the triggers of 0017 were there.
insert into token_checks (kind, token_id, due_at)
  select 'plan', successor_id, first_check_of_plan(successor_id, token_id)
  from retirement_plans where settled_at is null
  on conflict do nothing;
--> statement-breakpoint
insert into token_checks (kind, token_id, due_at)
  select 'text', tokens.id,
    case when exists (select from revocations where token_id = tokens.id) then now() else tokens.expires_at end
  from handovers join tokens on tokens.id = handovers.token_id where handovers.encrypted_text is not null
  on conflict do nothing;
