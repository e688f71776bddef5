CREATE TABLE "account_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"details" jsonb,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "user_identities" (
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"user_id" uuid NOT NULL,
	"bound_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "user_identities_issuer_subject_pk" PRIMARY KEY("issuer","subject"),
	CONSTRAINT "user_identities_of_user" UNIQUE("user_id","issuer")
);
--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "user_email" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "user_role" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "user_email" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "user_role" text;--> statement-breakpoint
ALTER TABLE "handovers" ADD COLUMN "collected_by_name" text;--> statement-breakpoint
ALTER TABLE "handovers" ADD COLUMN "collected_by_email" text;--> statement-breakpoint
ALTER TABLE "handovers" ADD COLUMN "collected_by_role" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "invited_by_name" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "invited_by_email" text;--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "by_user_email" text;--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "by_role" text;--> statement-breakpoint
ALTER TABLE "partner_applications" ADD COLUMN "decided_by_name" text;--> statement-breakpoint
ALTER TABLE "partner_applications" ADD COLUMN "decided_by_email" text;--> statement-breakpoint
ALTER TABLE "retirement_plans" ADD COLUMN "user_name" text;--> statement-breakpoint
ALTER TABLE "retirement_plans" ADD COLUMN "user_email" text;--> statement-breakpoint
ALTER TABLE "retirement_plans" ADD COLUMN "user_role" text;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "created_by_name" text;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "created_by_email" text;--> statement-breakpoint
ALTER TABLE "account_notices" ADD CONSTRAINT "account_notices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_identities" ADD CONSTRAINT "user_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_notices_of_user" ON "account_notices" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "account_notices_by_age" ON "account_notices" USING btree ("occurred_at");;--> statement-breakpoint
grant select, insert, update (read_at), delete on account_notices to partner_tokens_app;--> statement-breakpoint
-- Who is bound to whom is decided once; only the owner of the tables takes it back.
grant select, insert on user_identities to partner_tokens_app;--> statement-breakpoint
grant insert (user_email, user_role) on audit_events to partner_tokens_app;--> statement-breakpoint
grant update (collected_by_name, collected_by_email, collected_by_role) on handovers to partner_tokens_app;--> statement-breakpoint
grant update (decided_by_name, decided_by_email) on partner_applications to partner_tokens_app;
--> statement-breakpoint
-- What calls read comes last, so that they wait for the shortest time.
ALTER TABLE "revocations" ADD COLUMN "user_name" text;--> statement-breakpoint
ALTER TABLE "revocations" ADD COLUMN "user_email" text;--> statement-breakpoint
ALTER TABLE "revocations" ADD COLUMN "user_role" text;
