CREATE TABLE "bulk_plan_books" (
	"plan_id" uuid PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"last_token_id" uuid,
	"done" bigint DEFAULT 0 NOT NULL,
	"left_out" bigint DEFAULT 0 NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"proof" jsonb,
	"pruned_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "bulk_plan_confirmations" (
	"plan_id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"confirmed_at" timestamp (3) with time zone NOT NULL,
	"run_at" timestamp (3) with time zone,
	"user_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"user_email" text NOT NULL,
	"user_role" text NOT NULL,
	"address" text,
	"reason" text,
	"note" text,
	"details" jsonb,
	CONSTRAINT "bulk_plan_confirmations_note_length" CHECK (char_length("bulk_plan_confirmations"."note") <= 500),
	CONSTRAINT "bulk_plan_confirmations_reason" CHECK ("bulk_plan_confirmations"."reason" in ('no-longer-working-together', 'exposed', 'another-expiry-date', 'other'))
);
--> statement-breakpoint
CREATE TABLE "bulk_plan_ends" (
	"plan_id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"user_email" text NOT NULL,
	"user_role" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bulk_plan_left_out" (
	"plan_id" uuid NOT NULL,
	"token_id" uuid NOT NULL,
	"why" text NOT NULL,
	CONSTRAINT "bulk_plan_left_out_plan_id_token_id_pk" PRIMARY KEY("plan_id","token_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_plan_parties" (
	"plan_id" uuid NOT NULL,
	"rank" integer NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"tokens" bigint NOT NULL,
	"used" bigint NOT NULL,
	CONSTRAINT "bulk_plan_parties_plan_id_rank_pk" PRIMARY KEY("plan_id","rank")
);
--> statement-breakpoint
CREATE TABLE "bulk_plan_tokens" (
	"plan_id" uuid NOT NULL,
	"token_id" uuid NOT NULL,
	CONSTRAINT "bulk_plan_tokens_plan_id_token_id_pk" PRIMARY KEY("plan_id","token_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"side" text NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"chosen" text NOT NULL,
	"around_plan_id" uuid,
	"frozen_at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"user_email" text NOT NULL,
	"user_role" text NOT NULL,
	"tokens" bigint NOT NULL,
	"others" bigint NOT NULL,
	"used" bigint NOT NULL,
	"calls" bigint NOT NULL,
	"calls_are_more" boolean NOT NULL,
	"siblings" integer NOT NULL,
	"ids_hash" "bytea" NOT NULL,
	CONSTRAINT "bulk_plans_of_side" CHECK (("bulk_plans"."side" = 'merchant' and "bulk_plans"."store_id" <> '' and "bulk_plans"."partner_id" = '') or ("bulk_plans"."side" = 'partner' and "bulk_plans"."partner_id" <> '' and "bulk_plans"."store_id" = '')),
	CONSTRAINT "bulk_plans_hash_length" CHECK (octet_length("bulk_plans"."ids_hash") = 32),
	CONSTRAINT "bulk_plans_chosen_length" CHECK (char_length("bulk_plans"."chosen") <= 4000)
);
--> statement-breakpoint
ALTER TABLE "bulk_plan_books" ADD CONSTRAINT "bulk_plan_books_plan_id_bulk_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."bulk_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_plan_confirmations" ADD CONSTRAINT "bulk_plan_confirmations_plan_id_bulk_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."bulk_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_plan_confirmations" ADD CONSTRAINT "bulk_plan_confirmations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_plan_ends" ADD CONSTRAINT "bulk_plan_ends_plan_id_bulk_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."bulk_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_plan_ends" ADD CONSTRAINT "bulk_plan_ends_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_plans" ADD CONSTRAINT "bulk_plans_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_plan_books_due" ON "bulk_plan_books" USING btree ("due_at","plan_id") WHERE "bulk_plan_books"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "bulk_plan_books_to_prune" ON "bulk_plan_books" USING btree ("plan_id") WHERE "bulk_plan_books"."pruned_at" is null;--> statement-breakpoint
CREATE INDEX "bulk_plan_parties_of_store" ON "bulk_plan_parties" USING btree ("store_id","plan_id");--> statement-breakpoint
CREATE INDEX "bulk_plan_parties_of_partner" ON "bulk_plan_parties" USING btree ("partner_id","plan_id");--> statement-breakpoint
CREATE INDEX "bulk_plans_of_store" ON "bulk_plans" USING btree ("store_id","id") WHERE "bulk_plans"."store_id" <> '';--> statement-breakpoint
CREATE INDEX "bulk_plans_of_partner" ON "bulk_plans" USING btree ("partner_id","id") WHERE "bulk_plans"."partner_id" <> '';
--> statement-breakpoint
grant select, insert, delete on bulk_plans, bulk_plan_tokens, bulk_plan_parties, bulk_plan_left_out to partner_tokens_app;
--> statement-breakpoint
grant select, insert on bulk_plan_confirmations, bulk_plan_ends to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (due_at, started_at, last_token_id, done, left_out, finished_at, proof, pruned_at), delete
  on bulk_plan_books to partner_tokens_app;
--> statement-breakpoint
create trigger bulk_plans_stay_as_they_are before update or truncate on bulk_plans
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger bulk_plan_tokens_stay_as_they_are before update or truncate on bulk_plan_tokens
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger bulk_plan_confirmations_are_final before update or delete or truncate on bulk_plan_confirmations
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger bulk_plan_ends_are_final before update or delete or truncate on bulk_plan_ends
  for each statement execute function refuse_change();
