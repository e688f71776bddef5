CREATE TABLE "bulk_plan_pause_counts" (
	"plan_id" uuid NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"paused" bigint NOT NULL,
	"resumed_before" bigint DEFAULT 0 NOT NULL,
	"resumed" bigint DEFAULT 0 NOT NULL,
	"revoked" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"ended" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "bulk_plan_pause_counts_plan_id_store_id_partner_id_pk" PRIMARY KEY("plan_id","store_id","partner_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_plan_pauses" (
	"plan_id" uuid PRIMARY KEY NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"said_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "bulk_plans" ADD COLUMN "paused_by_plan_id" uuid;--> statement-breakpoint
CREATE INDEX "bulk_plan_pauses_to_say" ON "bulk_plan_pauses" USING btree ("ends_at") WHERE "bulk_plan_pauses"."said_at" is null;
--> statement-breakpoint
grant select, insert, update (ends_at, said_at) on bulk_plan_pauses to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update (paused, resumed_before, resumed, revoked, held, ended) on bulk_plan_pause_counts to partner_tokens_app;
