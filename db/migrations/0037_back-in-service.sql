CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cut_off_id" uuid NOT NULL,
	"partner_id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"user_email" text,
	"user_role" text,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" uuid,
	"ended_by_name" text,
	"last_store_id" text DEFAULT '' NOT NULL,
	"reached_at" timestamp (3) with time zone,
	CONSTRAINT "campaigns_of_cut_off" UNIQUE("cut_off_id","partner_id"),
	CONSTRAINT "campaigns_time" CHECK ("campaigns"."ends_at" > "campaigns"."started_at")
);
--> statement-breakpoint
CREATE TABLE "token_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"state" text NOT NULL,
	"skipped_for" text,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"token_id" uuid,
	"way" text,
	"answered_at" timestamp (3) with time zone,
	"answered_by" uuid,
	"answered_by_name" text,
	"answered_by_email" text,
	"answered_by_role" text,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "token_requests_of_store" UNIQUE("campaign_id","store_id"),
	CONSTRAINT "token_requests_state" CHECK ("token_requests"."state" in ('asked', 'declined', 'waiting', 'collected', 'used', 'skipped')),
	CONSTRAINT "token_requests_token" CHECK (("token_requests"."token_id" is null) = ("token_requests"."state" in ('asked', 'declined', 'skipped'))),
	CONSTRAINT "token_requests_way" CHECK (("token_requests"."way" is null) = ("token_requests"."token_id" is null)),
	CONSTRAINT "token_requests_skipped" CHECK (("token_requests"."skipped_for" is null) = ("token_requests"."state" <> 'skipped'))
);
--> statement-breakpoint
ALTER TABLE "token_requests" ADD CONSTRAINT "token_requests_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaigns_of_partner" ON "campaigns" USING btree ("partner_id","started_at");--> statement-breakpoint
CREATE INDEX "campaigns_open" ON "campaigns" USING btree ("started_at") WHERE "campaigns"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "token_requests_by_state" ON "token_requests" USING btree ("campaign_id","state","store_id");--> statement-breakpoint
CREATE INDEX "token_requests_of_token" ON "token_requests" USING btree ("token_id") WHERE "token_requests"."token_id" is not null;--> statement-breakpoint
CREATE INDEX "token_requests_unanswered" ON "token_requests" USING btree ("store_id","partner_id") WHERE "token_requests"."token_id" is null;--> statement-breakpoint
CREATE INDEX "token_requests_under_way" ON "token_requests" USING btree ("campaign_id","store_id") WHERE "token_requests"."state" in ('waiting', 'collected');--> statement-breakpoint
CREATE INDEX "token_requests_for_store" ON "token_requests" USING btree ("store_id","id");
--> statement-breakpoint
grant select, insert, update (ended_at, ended_by, ended_by_name, last_store_id, reached_at) on campaigns to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (state, skipped_for, token_id, way, answered_at, answered_by, answered_by_name, answered_by_email, answered_by_role, used_at) on token_requests to partner_tokens_app;
--> statement-breakpoint
-- What calls read comes last.
ALTER TABLE "stores" ADD COLUMN "consent_waived_at" timestamp (3) with time zone;
--> statement-breakpoint
grant update (consent_waived_at) on stores to partner_tokens_app;
