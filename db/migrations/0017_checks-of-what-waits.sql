CREATE TABLE "token_checks" (
	"kind" text NOT NULL,
	"token_id" uuid NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	CONSTRAINT "token_checks_kind_token_id_due_at_pk" PRIMARY KEY("kind","token_id","due_at"),
	CONSTRAINT "token_checks_kind" CHECK ("token_checks"."kind" in ('plan', 'text'))
);
--> statement-breakpoint
CREATE INDEX "token_checks_due" ON "token_checks" USING btree ("kind","due_at","token_id");
--> statement-breakpoint
-- The right to update a column is what locking the row takes.
grant select, insert, update (due_at), delete on token_checks to partner_tokens_app;
--> statement-breakpoint
-- When something may become of a plan that nobody has looked at: now where its tokens have a history, else when one expires.
create function first_check_of_plan(successor uuid, original uuid) returns timestamptz
  language sql stable set search_path = public, pg_temp as $$
    select case when
        exists (select from token_adoptions where token_id = successor)
        or exists (select from revocations where token_id in (successor, original))
        or exists (select from tokens where predecessor_id = successor)
      then now() else (select min(expires_at) from tokens where id in (successor, original)) end
  $$;
--> statement-breakpoint
create function check_new_plan() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into token_checks (kind, token_id, due_at)
    values ('plan', new.successor_id, first_check_of_plan(new.successor_id, new.token_id))
    on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
-- A token that expires before its text is too late to be collected: then nobody needs the text either.
create function check_new_text() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into token_checks (kind, token_id, due_at)
    select 'text', id, case when exists (select from revocations where token_id = id) then now() else expires_at end
    from tokens where id = new.token_id
    on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
-- Plans whose successor, or what came after it, was just adopted. Index by index, however many rows came at once:
-- a plan of many rows, kept by the connection, would read whole tables for one row.
create function check_adopted() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into token_checks (kind, token_id, due_at)
    with recursive older (id) as (
      select token_id from changed
      union
      select tokens.predecessor_id from older join tokens on tokens.id = older.id where tokens.predecessor_id is not null
    )
    select 'plan', plan.successor_id, clock_timestamp()
    from older join retirement_plans plan on plan.successor_id = older.id where plan.settled_at is null
    on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
-- Plans to retire what was just revoked, plans whose successor was, or what came after it, and texts of what was.
create function check_revoked() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into token_checks (kind, token_id, due_at)
    with recursive older (id) as (
      select token_id from changed
      union
      select tokens.predecessor_id from older join tokens on tokens.id = older.id where tokens.predecessor_id is not null
    )
    select 'plan', plan.successor_id, clock_timestamp()
    from older join retirement_plans plan on plan.successor_id = older.id where plan.settled_at is null
    union all
    select 'plan', plan.successor_id, clock_timestamp()
    from changed join retirement_plans plan on plan.token_id = changed.token_id where plan.settled_at is null
    union all
    select 'text', handover.token_id, clock_timestamp()
    from changed join handovers handover on handover.token_id = changed.token_id where handover.encrypted_text is not null
    on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
create trigger retirement_plans_are_checked after insert on retirement_plans
  for each row execute function check_new_plan();
--> statement-breakpoint
create trigger handovers_are_checked after insert on handovers
  for each row execute function check_new_text();
--> statement-breakpoint
create trigger token_adoptions_are_checked after insert on token_adoptions
  referencing new table as changed for each statement execute function check_adopted();
--> statement-breakpoint
create trigger revocations_are_checked after insert on revocations
  referencing new table as changed for each statement execute function check_revoked();
