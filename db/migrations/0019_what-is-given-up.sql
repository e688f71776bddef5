ALTER TABLE "invitations" ADD COLUMN "mail_id" uuid;--> statement-breakpoint
ALTER TABLE "mails" ADD COLUMN "given_up_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "browser_time_zone" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mail_problem" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mail_problem_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "failing_since" timestamp (3) with time zone;--> statement-breakpoint
grant update (given_up_at) on mails to partner_tokens_app;--> statement-breakpoint
grant update (browser_time_zone, mail_problem, mail_problem_since) on users to partner_tokens_app;--> statement-breakpoint
grant update (failing_since) on webhook_endpoints to partner_tokens_app;
