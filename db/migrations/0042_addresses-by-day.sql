ALTER TABLE "token_addresses" ADD COLUMN "first_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "token_addresses" ADD COLUMN "used_days" datemultirange;