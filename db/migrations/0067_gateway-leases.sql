CREATE TABLE "gateway_leases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"length_ms" integer NOT NULL,
	"renewals" bigint DEFAULT 0 NOT NULL,
	"seen" "pg_snapshot"
);
--> statement-breakpoint
CREATE TABLE "lease_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lease_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"xid" "xid8" NOT NULL,
	"token_ids" uuid[]
);
--> statement-breakpoint
grant select, insert, update, delete on gateway_leases to partner_tokens_app;
--> statement-breakpoint
grant select, insert, delete on lease_changes to partner_tokens_app;
--> statement-breakpoint
-- A transaction that reads as of its beginning may not see who holds a lease by now. As the owner: whoever may change a token
-- may leave word of it.
create function note_lease_change() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' or exists (select from gateway_leases) then
    insert into lease_changes (xid) values (pg_current_xact_id());
  end if;
  return null;
end $$;
--> statement-breakpoint
-- Of no more than a plan's step or a cut-off's book writes at once; of more, any token.
create function note_stopped_tokens() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' or exists (select from gateway_leases) then
    insert into lease_changes (xid, token_ids)
    select pg_current_xact_id(), case when count(*) <= 10000 then array_agg(token_id) end from added having count(*) > 0;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger lease_holders_hear_of_stores after update or delete or truncate on stores
  for each statement execute function note_lease_change();
--> statement-breakpoint
create trigger lease_holders_hear_of_access after insert or update or delete or truncate on partner_access
  for each statement execute function note_lease_change();
--> statement-breakpoint
create trigger lease_holders_hear_of_cut_offs after insert or update on cut_offs
  for each statement execute function note_lease_change();
--> statement-breakpoint
create trigger lease_holders_hear_of_revocations after insert on revocations
  referencing new table as added for each statement execute function note_stopped_tokens();
--> statement-breakpoint
create trigger lease_holders_hear_of_pauses after insert on pauses
  referencing new table as added for each statement execute function note_stopped_tokens();
