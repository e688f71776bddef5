CREATE TABLE "pause_books" (
	"token_id" uuid NOT NULL,
	"side" text NOT NULL,
	"number" integer NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"proof" jsonb,
	CONSTRAINT "pause_books_token_id_side_number_pk" PRIMARY KEY("token_id","side","number")
);
--> statement-breakpoint
CREATE TABLE "paused_token_attempts" (
	"token_id" uuid NOT NULL,
	"side" text NOT NULL,
	"number" integer NOT NULL,
	"attempts" bigint NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"last_address" text,
	"last_client" text,
	CONSTRAINT "paused_token_attempts_token_id_side_number_pk" PRIMARY KEY("token_id","side","number")
);
--> statement-breakpoint
CREATE TABLE "pauses" (
	"token_id" uuid NOT NULL,
	"side" text NOT NULL,
	"number" integer NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"operation_id" uuid NOT NULL,
	"plan_id" uuid,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"ends_as" text NOT NULL,
	"user_id" uuid,
	"user_name" text,
	"user_email" text,
	"user_role" text,
	"reason" text,
	"note" text,
	CONSTRAINT "pauses_token_id_side_number_pk" PRIMARY KEY("token_id","side","number"),
	CONSTRAINT "pauses_side" CHECK ("pauses"."side" in ('merchant', 'partner')),
	CONSTRAINT "pauses_number" CHECK ("pauses"."number" > 0),
	CONSTRAINT "pauses_length" CHECK ("pauses"."ends_at" > "pauses"."begun_at" and "pauses"."ends_at" - "pauses"."begun_at" <= interval '90 days'),
	CONSTRAINT "pauses_ends_as" CHECK ("pauses"."ends_as" in ('resumed', 'revoked')),
	CONSTRAINT "pauses_reason" CHECK ("pauses"."reason" in ('exposed', 'no-longer-working-together', 'other')),
	CONSTRAINT "pauses_note_length" CHECK (char_length("pauses"."note") <= 500)
);
--> statement-breakpoint
CREATE TABLE "resumes" (
	"token_id" uuid NOT NULL,
	"side" text NOT NULL,
	"number" integer NOT NULL,
	"resumed_at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid,
	"user_name" text,
	"user_email" text,
	"user_role" text,
	CONSTRAINT "resumes_token_id_side_number_pk" PRIMARY KEY("token_id","side","number")
);
--> statement-breakpoint
ALTER TABLE "pause_books" ADD CONSTRAINT "pause_books_pause" FOREIGN KEY ("token_id","side","number") REFERENCES "public"."pauses"("token_id","side","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paused_token_attempts" ADD CONSTRAINT "paused_token_attempts_pause" FOREIGN KEY ("token_id","side","number") REFERENCES "public"."pauses"("token_id","side","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pauses" ADD CONSTRAINT "pauses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resumes" ADD CONSTRAINT "resumes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resumes" ADD CONSTRAINT "resumes_pause" FOREIGN KEY ("token_id","side","number") REFERENCES "public"."pauses"("token_id","side","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pause_books_due" ON "pause_books" USING btree ("ends_at","token_id") WHERE "pause_books"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "pause_books_of_store" ON "pause_books" USING btree ("store_id","ends_at","token_id") WHERE "pause_books"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "pause_books_of_partner" ON "pause_books" USING btree ("partner_id","ends_at","token_id") WHERE "pause_books"."finished_at" is null;
--> statement-breakpoint
grant select, insert on pauses, resumes to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (finished_at, proof) on pause_books to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update on paused_token_attempts to partner_tokens_app;
--> statement-breakpoint
create trigger pauses_are_final before update or delete or truncate on pauses
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger resumes_are_final before update or delete or truncate on resumes
  for each statement execute function refuse_change();
--> statement-breakpoint
-- Of each side the last pause of a token alone decides: the one before is over by then, and did not revoke it.
create function pause_after_the_last() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if new.number > 1 and not exists (
    select from pauses before
    where before.token_id = new.token_id and before.side = new.side and before.number = new.number - 1
      and (before.ends_as = 'resumed' and before.ends_at <= new.begun_at or exists (
        select from resumes
        where resumes.token_id = before.token_id and resumes.side = before.side and resumes.number = before.number))
  ) then
    raise exception 'The pauses of a token by one side come one after the other' using errcode = 'check_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger pauses_come_in_order before insert on pauses
  for each row execute function pause_after_the_last();
--> statement-breakpoint
-- Judged as the transaction commits: nobody sees the token revoked by its pause, and live again after that.
create function resume_in_time() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (
    select from pauses
    where pauses.token_id = new.token_id and pauses.side = new.side and pauses.number = new.number
      and pauses.ends_as = 'revoked' and pauses.ends_at - clock_timestamp() < interval '5 seconds'
  ) then
    raise exception 'It is too late to resume: the pause revokes the token in this moment' using errcode = 'check_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger resumes_are_in_time after insert on resumes
  deferrable initially deferred for each row execute function resume_in_time();
--> statement-breakpoint
-- Processes of the version before do not see that a pause has revoked a token, until the worker has written it down. The seconds are
-- for who began to renew in the last moment.
create function renew_beside_pauses() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if not exists (select from pauses) then
    return null;
  end if;
  if exists (
    select from added join pauses on pauses.token_id = added.predecessor_id
    where pauses.ends_as = 'revoked' and added.created_at - pauses.ends_at > interval '10 seconds'
      and not exists (
        select from resumes
        where resumes.token_id = pauses.token_id and resumes.side = pauses.side and resumes.number = pauses.number)
      and not exists (select from revocations where revocations.token_id = pauses.token_id)
  ) then
    raise exception 'A token that a pause has revoked cannot be renewed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- What calls read comes last.
ALTER TABLE "pauses" ADD CONSTRAINT "pauses_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
create trigger tokens_are_renewed_beside_pauses after insert on tokens
  referencing new table as added for each statement execute function renew_beside_pauses();
