-- A replay puts a pause on record together with its end: nobody has seen that token revoked. All others are judged as before.
create or replace function resume_in_time() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (
    select from pauses
    where pauses.token_id = new.token_id and pauses.side = new.side and pauses.number = new.number
      and pauses.ends_as = 'revoked' and pauses.ends_at - clock_timestamp() < interval '5 seconds'
      and pauses.xmin <> pg_current_xact_id()::xid
  ) then
    raise exception 'It is too late to resume: the pause revokes the token in this moment' using errcode = 'check_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- What calls read comes last. After a restore the database may lack somebody of whom the log knows.
alter table cut_offs
  drop constraint if exists cut_offs_by_somebody,
  add constraint cut_offs_by_somebody check (
    user_id is not null or side = 'partner' or starts_with(coalesce(note, ''), 'Applied again after a restore')) not valid;