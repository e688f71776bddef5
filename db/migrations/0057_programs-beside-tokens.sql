ALTER TABLE "service_credentials" DROP CONSTRAINT "service_credentials_scopes";--> statement-breakpoint
ALTER TABLE "service_credentials" ADD CONSTRAINT "service_credentials_scopes" CHECK (cardinality("service_credentials"."scopes") > 0 and "service_credentials"."scopes" <@ array['read', 'issue', 'renew', 'collect', 'revoke', 'pause', 'plan', 'cut-off', 'webhooks', 'members', 'audit']) not valid;--> statement-breakpoint
ALTER TABLE "bulk_plan_confirmations" ALTER COLUMN "user_role" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bulk_plan_ends" ALTER COLUMN "user_role" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bulk_plans" ALTER COLUMN "user_role" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bulk_plan_confirmations" ADD COLUMN "credential_id" uuid;--> statement-breakpoint
ALTER TABLE "cut_offs" ADD COLUMN "credential_id" uuid;
