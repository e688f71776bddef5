CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"deed_id" uuid NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"token_id" uuid,
	"side" text,
	"user_id" uuid,
	"user_name" text,
	"details" jsonb,
	"once_key" text,
	"dispatched_at" timestamp (3) with time zone,
	CONSTRAINT "events_once_key" UNIQUE("once_key"),
	CONSTRAINT "events_side" CHECK ("events"."side" in ('merchant', 'partner'))
);
--> statement-breakpoint
CREATE TABLE "handovers" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"encrypted_text" text,
	"collect_until" timestamp (3) with time zone NOT NULL,
	"collected_at" timestamp (3) with time zone,
	"collected_from" text,
	"collected_by" uuid,
	CONSTRAINT "handovers_collected_from" CHECK ("handovers"."collected_from" in ('merchant', 'partner')),
	CONSTRAINT "handovers_collected" CHECK (("handovers"."collected_at" is null) = ("handovers"."collected_from" is null) and ("handovers"."collected_at" is null) = ("handovers"."collected_by" is null)),
	CONSTRAINT "handovers_gone_when_collected" CHECK ("handovers"."collected_at" is null or "handovers"."encrypted_text" is null)
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"store_id" text,
	"partner_id" text,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"invited_at" timestamp (3) with time zone NOT NULL,
	"invited_by" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"accepted_by" uuid,
	"withdrawn_at" timestamp (3) with time zone,
	CONSTRAINT "invitations_hash" UNIQUE("hash"),
	CONSTRAINT "invitations_owner" CHECK (num_nonnulls("invitations"."store_id", "invitations"."partner_id") = 1),
	CONSTRAINT "invitations_role" CHECK ("invitations"."role" in ('owner', 'administrator', 'viewer')),
	CONSTRAINT "invitations_email_lower" CHECK ("invitations"."email" = lower("invitations"."email"))
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"to_address" text NOT NULL,
	"subject" text NOT NULL,
	"body" text,
	"unsubscribe_url" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"side" text NOT NULL,
	"kind" text NOT NULL,
	"deed_id" uuid NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"token_id" uuid,
	"token_count" integer NOT NULL,
	"by_user_name" text,
	"by_side" text,
	"details" jsonb,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "notices_of_deed" UNIQUE("user_id","side","deed_id","kind","store_id","partner_id"),
	CONSTRAINT "notices_side" CHECK ("notices"."side" in ('merchant', 'partner'))
);
--> statement-breakpoint
CREATE TABLE "partner_applications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"company" text NOT NULL,
	"address" text NOT NULL,
	"contact" text NOT NULL,
	"email" text NOT NULL,
	"phone" text,
	"description" text NOT NULL,
	"submitted_from" text,
	"decision" text,
	"decided_at" timestamp (3) with time zone,
	"decided_by" uuid,
	"answer" text,
	"partner_id" text,
	CONSTRAINT "partner_applications_decision" CHECK ("partner_applications"."decision" in ('approved', 'declined')),
	CONSTRAINT "partner_applications_decided" CHECK (("partner_applications"."decision" is null) = ("partner_applications"."decided_at" is null) and ("partner_applications"."decision" is null) = ("partner_applications"."decided_by" is null)),
	CONSTRAINT "partner_applications_partner" CHECK (("partner_applications"."partner_id" is not null) = ("partner_applications"."decision" is not distinct from 'approved')),
	CONSTRAINT "partner_applications_company_length" CHECK (char_length("partner_applications"."company") between 1 and 200),
	CONSTRAINT "partner_applications_address_length" CHECK (char_length("partner_applications"."address") between 1 and 500),
	CONSTRAINT "partner_applications_contact_length" CHECK (char_length("partner_applications"."contact") between 1 and 200),
	CONSTRAINT "partner_applications_description_length" CHECK (char_length("partner_applications"."description") between 1 and 2000),
	CONSTRAINT "partner_applications_answer_length" CHECK (char_length("partner_applications"."answer") <= 500)
);
--> statement-breakpoint
CREATE TABLE "password_resets" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "retirement_plans" (
	"successor_id" uuid PRIMARY KEY NOT NULL,
	"token_id" uuid NOT NULL,
	"retire_at" timestamp (3) with time zone,
	"planned_at" timestamp (3) with time zone NOT NULL,
	"side" text NOT NULL,
	"user_id" uuid NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "retirement_plans_side" CHECK ("retirement_plans"."side" in ('merchant', 'partner'))
);
--> statement-breakpoint
CREATE TABLE "token_adoptions" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"adopted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_id" uuid NOT NULL,
	"attempted_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"status" integer,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"event_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"payload" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_deliveries_of_event" UNIQUE("endpoint_id","event_id"),
	CONSTRAINT "webhook_deliveries_state" CHECK ("webhook_deliveries"."state" in ('waiting', 'delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" text,
	"partner_id" text,
	"url" text NOT NULL,
	"encrypted_secret" text NOT NULL,
	"kinds" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" uuid NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_endpoints_owner" CHECK (num_nonnulls("webhook_endpoints"."store_id", "webhook_endpoints"."partner_id") = 1),
	CONSTRAINT "webhook_endpoints_url_length" CHECK (char_length("webhook_endpoints"."url") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_collected_by_users_id_fk" FOREIGN KEY ("collected_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_users_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "partner_applications" ADD CONSTRAINT "partner_applications_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "partner_applications" ADD CONSTRAINT "partner_applications_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "password_resets" ADD CONSTRAINT "password_resets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "retirement_plans" ADD CONSTRAINT "retirement_plans_successor_id_tokens_id_fk" FOREIGN KEY ("successor_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "retirement_plans" ADD CONSTRAINT "retirement_plans_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "retirement_plans" ADD CONSTRAINT "retirement_plans_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "token_adoptions" ADD CONSTRAINT "token_adoptions_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery_id_webhook_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."webhook_deliveries"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "events_to_dispatch" ON "events" USING btree ("id") WHERE "events"."dispatched_at" is null;
--> statement-breakpoint
CREATE INDEX "events_by_dispatch" ON "events" USING btree ("dispatched_at") WHERE "events"."dispatched_at" is not null;
--> statement-breakpoint
CREATE INDEX "handovers_waiting" ON "handovers" USING btree ("collect_until","token_id") WHERE "handovers"."encrypted_text" is not null;
--> statement-breakpoint
CREATE INDEX "invitations_of_store" ON "invitations" USING btree ("store_id","id") WHERE "invitations"."accepted_at" is null and "invitations"."withdrawn_at" is null;
--> statement-breakpoint
CREATE INDEX "invitations_of_partner" ON "invitations" USING btree ("partner_id","id") WHERE "invitations"."accepted_at" is null and "invitations"."withdrawn_at" is null;
--> statement-breakpoint
CREATE INDEX "mails_untried" ON "mails" USING btree (("unsubscribe_url" is not null),"id") WHERE "mails"."attempts" = 0;
--> statement-breakpoint
CREATE INDEX "mails_unsent" ON "mails" USING btree ("id") WHERE "mails"."sent_at" is null and "mails"."body" is not null;
--> statement-breakpoint
CREATE INDEX "mails_by_age" ON "mails" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "notices_of_user" ON "notices" USING btree ("user_id","side","id");
--> statement-breakpoint
CREATE INDEX "notices_unread" ON "notices" USING btree ("user_id","side","id") WHERE "notices"."read_at" is null;
--> statement-breakpoint
CREATE INDEX "notices_by_age" ON "notices" USING btree ("occurred_at");
--> statement-breakpoint
CREATE INDEX "partner_applications_open" ON "partner_applications" USING btree ("id") WHERE "partner_applications"."decision" is null;
--> statement-breakpoint
CREATE INDEX "partner_applications_decided_last" ON "partner_applications" USING btree ("decided_at","id") WHERE "partner_applications"."decision" is not null;
--> statement-breakpoint
CREATE INDEX "password_resets_of_user" ON "password_resets" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "password_resets_by_age" ON "password_resets" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "retirement_plans_open" ON "retirement_plans" USING btree ("retire_at","successor_id") WHERE "retirement_plans"."settled_at" is null;
--> statement-breakpoint
CREATE INDEX "retirement_plans_of_token" ON "retirement_plans" USING btree ("token_id");
--> statement-breakpoint
CREATE INDEX "webhook_attempts_of_delivery" ON "webhook_attempts" USING btree ("delivery_id","attempted_at");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_of_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_age" ON "webhook_deliveries" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" USING btree ("endpoint_id","next_attempt_at","id") WHERE "webhook_deliveries"."state" = 'waiting';
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_of_store" ON "webhook_endpoints" USING btree ("store_id","id") WHERE "webhook_endpoints"."removed_at" is null;
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_of_partner" ON "webhook_endpoints" USING btree ("partner_id","id") WHERE "webhook_endpoints"."removed_at" is null;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "is_operator" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "language" text DEFAULT 'en-GB' NOT NULL;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "time_zone" text;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "muted_mails" text[] DEFAULT '{}' NOT NULL;
--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_language" CHECK ("users"."language" in ('en-GB', 'en-US')) NOT VALID;
--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_time_zone_length" CHECK (char_length("users"."time_zone") <= 60) NOT VALID;
--> statement-breakpoint
-- What calls read comes last, so that they wait for the shortest time.
ALTER TABLE "partner_access" ADD COLUMN "removed_at" timestamp (3) with time zone;
