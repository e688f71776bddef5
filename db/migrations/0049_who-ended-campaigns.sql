ALTER TABLE "campaigns" ADD COLUMN "ended_by_email" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "ended_by_role" text;--> statement-breakpoint
grant update (ended_by_email, ended_by_role) on campaigns to partner_tokens_app;
