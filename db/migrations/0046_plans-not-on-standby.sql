CREATE TABLE "unconfirmed_plans" (
	"plan_id" uuid PRIMARY KEY NOT NULL,
	"noted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
grant select, insert, update (noted_at), delete on unconfirmed_plans to partner_tokens_app;
