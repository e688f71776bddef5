-- Nobody gives a row of the record another time than its own: what the application says holds where it lies within its own
-- transaction, else the clock. Processes of the version before go on naming the column. Up to a millisecond is rounding.
create function keep_time_of_record() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_user = 'partner_tokens_app' and (
    new.occurred_at < transaction_timestamp() - interval '1 millisecond'
    or new.occurred_at > clock_timestamp() + interval '1 millisecond'
  ) then
    new.occurred_at := clock_timestamp();
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger audit_events_keep_their_time before insert on audit_events
  for each row execute function keep_time_of_record();
--> statement-breakpoint
-- As its sisters have it: a slip of the owner's hand changes no token either.
create trigger tokens_are_final before update or delete or truncate on tokens
  for each statement execute function refuse_change();
