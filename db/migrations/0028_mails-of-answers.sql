ALTER TABLE "partner_applications" ADD COLUMN "answer_mail_id" uuid;--> statement-breakpoint
grant update (answer_mail_id) on partner_applications to partner_tokens_app;
