-- deed_id is operation_id from now on, and beat_at is heartbeat_at. Processes of the version before write and read the names
-- before: each row has both, whoever writes it. The version after this one drops deed_id, beat_at, notices_of_deed, the three
-- triggers and the two functions, and first has operation_id and heartbeat_at checked to be there (not valid, then validated):
-- only rows of before lack them.
alter table events add column operation_id uuid;
--> statement-breakpoint
alter table notices add column operation_id uuid;
--> statement-breakpoint
alter table gateway_processes add column heartbeat_at timestamp (3) with time zone;
--> statement-breakpoint
create function name_operation() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.operation_id := coalesce(new.operation_id, new.deed_id);
  new.deed_id := new.operation_id;
  return new;
end $$;
--> statement-breakpoint
create function name_heartbeat() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.heartbeat_at := greatest(new.heartbeat_at, new.beat_at);
  new.beat_at := new.heartbeat_at;
  return new;
end $$;
--> statement-breakpoint
create trigger events_name_their_operation before insert on events
  for each row execute function name_operation();
--> statement-breakpoint
create trigger notices_name_their_operation before insert on notices
  for each row execute function name_operation();
--> statement-breakpoint
create trigger gateway_processes_name_their_heartbeat before insert or update on gateway_processes
  for each row execute function name_heartbeat();
