-- runs outside a transaction
-- What was issued before the triggers of 0039 were there.
insert into live_tokens (id, store_id, partner_id, created_at, expires_at, is_renewed, used_on)
  select tokens.id, tokens.store_id, tokens.partner_id, tokens.created_at, tokens.expires_at,
    exists (select from tokens newer where newer.predecessor_id = tokens.id),
    (token_usage.last_used_at at time zone 'UTC')::date
  from tokens left join token_usage on token_usage.token_id = tokens.id
  where tokens.expires_at > now() and not exists (select from revocations where revocations.token_id = tokens.id)
  on conflict (id) do nothing;
--> statement-breakpoint
-- What was used and renewed while that went on.
update live_tokens set used_on = (select (last_used_at at time zone 'UTC')::date from token_usage where token_id = live_tokens.id) where used_on is distinct from (select (last_used_at at time zone 'UTC')::date from token_usage where token_id = live_tokens.id);
--> statement-breakpoint
update live_tokens set is_renewed = (exists (select from tokens newer where newer.predecessor_id = live_tokens.id)) where is_renewed is distinct from (exists (select from tokens newer where newer.predecessor_id = live_tokens.id));
--> statement-breakpoint
-- What was revoked while that went on: its trigger found nothing to take out yet, and counts would have it until it expires.
delete from live_tokens using revocations where revocations.token_id = live_tokens.id;
--> statement-breakpoint
analyze live_tokens;
--> statement-breakpoint
create index concurrently if not exists revocations_of_store_by_cause on revocations using btree (store_id, side, coalesce(reason, ''), revoked_at, token_id);
--> statement-breakpoint
create index concurrently if not exists revocations_of_partner_by_cause on revocations using btree (partner_id, side, coalesce(reason, ''), revoked_at, token_id);
