CREATE TABLE "live_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"is_renewed" boolean DEFAULT false NOT NULL,
	"used_on" date
);
--> statement-breakpoint
CREATE INDEX "live_tokens_of_store_by_expiry" ON "live_tokens" USING btree ("store_id","expires_at","id");--> statement-breakpoint
CREATE INDEX "live_tokens_of_store_by_creation" ON "live_tokens" USING btree ("store_id","created_at","id");--> statement-breakpoint
CREATE INDEX "live_tokens_of_store_by_use" ON "live_tokens" USING btree ("store_id","used_on","id");--> statement-breakpoint
CREATE INDEX "live_tokens_of_partner_by_expiry" ON "live_tokens" USING btree ("partner_id","expires_at","id");--> statement-breakpoint
CREATE INDEX "live_tokens_of_partner_by_creation" ON "live_tokens" USING btree ("partner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "live_tokens_of_partner_by_use" ON "live_tokens" USING btree ("partner_id","used_on","id");--> statement-breakpoint
CREATE INDEX "live_tokens_of_pair" ON "live_tokens" USING btree ("store_id","partner_id","expires_at","id");--> statement-breakpoint
CREATE INDEX "renewed_tokens_of_store" ON "live_tokens" USING btree ("store_id","expires_at","id") WHERE "live_tokens"."is_renewed";--> statement-breakpoint
CREATE INDEX "renewed_tokens_of_partner" ON "live_tokens" USING btree ("partner_id","expires_at","id") WHERE "live_tokens"."is_renewed";--> statement-breakpoint
CREATE INDEX "renewed_tokens_of_pair" ON "live_tokens" USING btree ("store_id","partner_id","expires_at","id") WHERE "live_tokens"."is_renewed";--> statement-breakpoint
-- Written by the triggers below alone, which have the owner's rights: who breaks in at the application can hide no token.
grant select on live_tokens to partner_tokens_app;
--> statement-breakpoint
-- What is issued is listed, and what it renews is marked. By arrays of ids, however many rows came at once: a join may be planned
-- from either end, and a connection keeps its plan.
create function list_issued() returns trigger language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into live_tokens (id, store_id, partner_id, created_at, expires_at)
    select id, store_id, partner_id, created_at, expires_at from added
    on conflict (id) do nothing;
  update live_tokens set is_renewed = true
    where id = any(array(select predecessor_id from added where predecessor_id is not null)) and not is_renewed;
  return null;
end $$;
--> statement-breakpoint
create function unlist_revoked() returns trigger language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  delete from live_tokens where id = any(array(select token_id from added));
  return null;
end $$;
--> statement-breakpoint
-- The first use of tokens, and the first of a day. A row that somebody has in hand is passed over: calls wait for nobody.
create function note_first_use() returns trigger language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update live_tokens set used_on = (
      select (last_used_at at time zone 'UTC')::date from token_usage where token_id = live_tokens.id)
    where id = any(array(
      select id from live_tokens where id = any(array(select token_id from added)) order by id
      for update skip locked));
  return null;
end $$;
--> statement-breakpoint
create function note_day_of_use() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from live_tokens where id = new.token_id for update skip locked;
  if found then
    update live_tokens set used_on = (new.last_used_at at time zone 'UTC')::date where id = new.token_id;
  end if;
  return null;
end $$;
--> statement-breakpoint
-- What expired a day ago and longer is listed as ended alone: with the owner's rights, of expired ones only, at most so many.
create function unlist_expired(most int) returns int language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  gone int;
begin
  delete from live_tokens where id = any(array(
    select live_tokens.id from tokens join live_tokens on live_tokens.id = tokens.id
    where tokens.expires_at > now() - interval '8 days' and tokens.expires_at < now() - interval '1 day'
    order by tokens.expires_at limit most for update of live_tokens skip locked));
  get diagnostics gone = row_count;
  return gone;
end $$;
--> statement-breakpoint
create trigger first_uses_are_listed after insert on token_usage
  referencing new table as added for each statement execute function note_first_use();
--> statement-breakpoint
create trigger days_of_use_are_listed after update on token_usage
  for each row when ((old.last_used_at at time zone 'UTC')::date is distinct from (new.last_used_at at time zone 'UTC')::date)
  execute function note_day_of_use();
--> statement-breakpoint
create trigger revoked_tokens_are_unlisted after insert on revocations
  referencing new table as added for each statement execute function unlist_revoked();
--> statement-breakpoint
create trigger tokens_are_listed after insert on tokens
  referencing new table as added for each statement execute function list_issued();
