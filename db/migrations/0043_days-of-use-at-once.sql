CREATE TABLE "late_uses" (
	"token_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
-- Notes the days on which tokens were used last, of many at once. A row that somebody has in hand is passed over, for calls wait for
-- nobody, and is noted later. By arrays of ids: a join may be planned from either end, and a connection keeps its plan.
create function note_days_of_use(ids uuid[]) returns int language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  free uuid[] := array(select id from live_tokens where id = any(ids) order by id for update skip locked);
begin
  update live_tokens set used_on = (select (last_used_at at time zone 'UTC')::date from token_usage where token_id = live_tokens.id)
    where id = any(free);
  if cardinality(free) < cardinality(ids) then
    insert into late_uses
      select id from live_tokens where id = any(array(select unnest(ids) except select unnest(free))) order by id
      on conflict (token_id) do nothing;
  end if;
  return cardinality(free);
end $$;
--> statement-breakpoint
create or replace function note_first_use() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform note_days_of_use(array(select token_id from added));
  return null;
end $$;
--> statement-breakpoint
-- Each is compared with what is noted, and not with its use before: what was passed over is noted with the next use.
create function note_later_use() returns trigger language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  ids uuid[] := array(
    select used.token_id from used cross join lateral (select used_on from live_tokens where id = used.token_id offset 0) listed
    where listed.used_on is distinct from (used.last_used_at at time zone 'UTC')::date);
begin
  if cardinality(ids) > 0 then
    perform note_days_of_use(ids);
  end if;
  return null;
end $$;
--> statement-breakpoint
-- What was passed over, of `most` tokens; what is still in hand stays. Tokens that are listed no more are forgotten.
create function note_late_uses(most int) returns int language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  ids uuid[] := array(select token_id from late_uses order by token_id limit most for update skip locked);
begin
  delete from late_uses where token_id = any(ids);
  return note_days_of_use(ids);
end $$;
--> statement-breakpoint
drop trigger if exists days_of_use_are_listed on token_usage;
--> statement-breakpoint
create trigger days_of_use_are_listed after update on token_usage
  referencing new table as used for each statement execute function note_later_use();
--> statement-breakpoint
drop function if exists note_day_of_use();
