CREATE TABLE "cut_off_books" (
	"cut_off_id" uuid PRIMARY KEY NOT NULL,
	"tokens" bigint,
	"others" bigint,
	"done" bigint DEFAULT 0 NOT NULL,
	"last_created_at" timestamp(3) with time zone,
	"last_token_id" uuid,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "cut_offs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"extent" text GENERATED ALWAYS AS (store_id || ' ' || partner_id) STORED NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"side" text NOT NULL,
	"user_id" uuid,
	"user_name" text,
	"user_email" text,
	"user_role" text,
	"reason" text NOT NULL,
	"note" text,
	CONSTRAINT "cut_offs_of_somebody" CHECK ("cut_offs"."store_id" <> '' or "cut_offs"."partner_id" <> ''),
	CONSTRAINT "cut_offs_side" CHECK ("cut_offs"."side" in ('merchant', 'partner', 'operator')),
	CONSTRAINT "cut_offs_by_somebody" CHECK ("cut_offs"."user_id" is not null or "cut_offs"."side" = 'partner'),
	CONSTRAINT "cut_offs_reason" CHECK ("cut_offs"."reason" in ('exposed', 'no-longer-working-together', 'other')),
	CONSTRAINT "cut_offs_note_length" CHECK (char_length("cut_offs"."note") <= 500)
);
--> statement-breakpoint
ALTER TABLE "gateway_processes" ADD COLUMN "look_up_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "refusal_proofs" ADD COLUMN "cut_off_id" uuid;--> statement-breakpoint
ALTER TABLE "cut_off_books" ADD CONSTRAINT "cut_off_books_cut_off_id_cut_offs_id_fk" FOREIGN KEY ("cut_off_id") REFERENCES "public"."cut_offs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cut_offs" ADD CONSTRAINT "cut_offs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cut_off_books_open" ON "cut_off_books" USING btree ("cut_off_id") WHERE "cut_off_books"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "cut_offs_of_tokens" ON "cut_offs" USING btree ("extent","at");--> statement-breakpoint
CREATE INDEX "cut_offs_of_store" ON "cut_offs" USING btree ("store_id","at");--> statement-breakpoint
CREATE INDEX "cut_offs_of_partner" ON "cut_offs" USING btree ("partner_id","at");--> statement-breakpoint
CREATE INDEX "cut_offs_by_time" ON "cut_offs" USING btree ("at");--> statement-breakpoint
grant select, insert on cut_offs to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (tokens, others, done, last_created_at, last_token_id, finished_at) on cut_off_books to partner_tokens_app;
--> statement-breakpoint
create trigger cut_offs_are_final before update or delete or truncate on cut_offs
  for each statement execute function refuse_change();
--> statement-breakpoint
-- Who issues holds this lock in common until they commit, and a cut-off holds it alone: each token comes wholly before a cut-off
-- or wholly after it. Processes of the version before ask for it here only, after they have read the clock, and perhaps found a
-- token live that was cut off meanwhile. What would be dead at once, or would renew such a token, is not made.
create function issue_beside_cut_offs() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform pg_advisory_xact_lock_shared(1409300529);
  if not exists (select from cut_offs) then
    return null;
  end if;
  if exists (
    select from added
    join cut_offs on cut_offs.extent in (
        added.store_id || ' ' || added.partner_id, added.store_id || ' ', ' ' || added.partner_id)
      and cut_offs.at - added.created_at >= interval '0' and added.expires_at - cut_offs.at > interval '0'
  ) then
    raise exception 'A token is made after a cut-off, and its time is before it' using errcode = 'check_violation';
  end if;
  if exists (
    select from added
    join tokens older on older.id = added.predecessor_id
    join cut_offs on cut_offs.extent in (
        older.store_id || ' ' || older.partner_id, older.store_id || ' ', ' ' || older.partner_id)
      and cut_offs.at - older.created_at >= interval '0' and older.expires_at - cut_offs.at > interval '0'
      and added.created_at - cut_offs.at > interval '0'
  ) then
    raise exception 'A token that was cut off cannot be renewed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- What calls read comes last. An operator of the platform ends tokens by cut-offs.
alter table revocations
  drop constraint if exists revocations_side,
  add constraint revocations_side check (side in ('merchant', 'partner', 'operator')) not valid;
