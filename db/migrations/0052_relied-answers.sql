ALTER TABLE "gateway_processes" ADD COLUMN "max_ages" jsonb;--> statement-breakpoint
ALTER TABLE "gateway_processes" ADD COLUMN "ended_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "gateway_processes" ADD COLUMN "relied_until" jsonb;--> statement-breakpoint
ALTER TABLE "kept_proofs" ADD COLUMN "may_accept" jsonb;--> statement-breakpoint
ALTER TABLE "refusal_proof_answers" ADD COLUMN "relied_until" jsonb;