ALTER TABLE "bulk_plan_books" ADD COLUMN "step_tokens" integer;
--> statement-breakpoint
grant update (step_tokens) on bulk_plan_books to partner_tokens_app;
