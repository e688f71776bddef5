CREATE TABLE "canary_runs" (
	"minute" timestamp (3) with time zone PRIMARY KEY NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"gateways" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"confirmed_after_ms" integer,
	"refused_after_ms" integer,
	"accepted_afterwards" integer DEFAULT 0 NOT NULL,
	"accepting" text[] DEFAULT '{}' NOT NULL,
	"silent" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "canary_runs_counts" CHECK ("canary_runs"."refused" >= 0 and "canary_runs"."refused" <= "canary_runs"."gateways" and "canary_runs"."accepted_afterwards" >= 0)
);
--> statement-breakpoint
ALTER TABLE "gateway_processes" ADD COLUMN "address" text;
--> statement-breakpoint
grant select, insert, delete, update (ended_at, gateways, refused, confirmed_after_ms, refused_after_ms, accepted_afterwards, accepting, silent)
  on canary_runs to partner_tokens_app;
--> statement-breakpoint
-- As before, but for what prepare_canary deletes. Its setting alone opens nothing: the application's role may not delete here.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and tg_table_name in ('tokens', 'revocations') and current_setting('partner_tokens.canary', true) = 'emptied' then
    return null;
  end if;
  raise exception '% keeps facts: rows are added, never changed or deleted', tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
-- The store and the partner of the canary, and its tokens of the last hour: half a million a year would be more than most have of their own.
create function prepare_canary() returns void language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  old uuid[];
begin
  insert into stores (id, name, package) values ('yhst-00000000000000', 'Canary', 'standard') on conflict do nothing;
  insert into partners (id, name) values ('ypa-999999999999', 'Canary') on conflict do nothing;
  if exists (select from store_members where store_id = 'yhst-00000000000000')
    or exists (select from partner_members where partner_id = 'ypa-999999999999') then
    raise exception 'The store or the partner of the canary has members: its tokens would be somebody''s';
  end if;
  insert into partner_access (store_id, partner_id, apis) values ('yhst-00000000000000', 'ypa-999999999999', array['order'])
    on conflict do nothing;
  old := array(
    select id from tokens where store_id = 'yhst-00000000000000' and partner_id = 'ypa-999999999999'
      and created_at < statement_timestamp() - interval '1 hour'
    order by created_at limit 1000);
  if cardinality(old) = 0 then
    return;
  end if;
  perform set_config('partner_tokens.canary', 'emptied', true);
  delete from token_usage where token_id = any(old);
  delete from revoked_token_attempts where token_id = any(old);
  delete from live_tokens where id = any(old);
  delete from revocations where token_id = any(old);
  delete from tokens where id = any(old);
  perform set_config('partner_tokens.canary', '', true);
end $$;
--> statement-breakpoint
-- What the books of a cut-off write has its moment: the cut-off itself is in the log. The canary's tokens are nobody's, and go.
create or replace function log_revocations() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into log_queue (kind, fact_key)
  select 'revocation', added.token_id from added
  where added.store_id <> 'yhst-00000000000000' and not exists (
    select from cut_offs where cut_offs.at = added.revoked_at and cut_offs.extent in (
      added.store_id || ' ' || added.partner_id, added.store_id || ' ', ' ' || added.partner_id));
  return null;
end $$;
