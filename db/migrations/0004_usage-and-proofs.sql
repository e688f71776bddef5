CREATE TABLE "gateway_processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"beat_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refusal_proof_answers" (
	"proof_id" uuid NOT NULL,
	"process_id" uuid NOT NULL,
	"process_name" text NOT NULL,
	"answered_at" timestamp (3) with time zone NOT NULL,
	"refused" integer NOT NULL,
	"accepted" integer NOT NULL,
	CONSTRAINT "refusal_proof_answers_proof_id_process_id_pk" PRIMARY KEY("proof_id","process_id")
);
--> statement-breakpoint
CREATE TABLE "refusal_proofs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"token_ids" uuid[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "revoked_token_attempts" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"attempts" bigint NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"last_address" text,
	"last_client" text
);
--> statement-breakpoint
CREATE TABLE "token_addresses" (
	"token_id" uuid NOT NULL,
	"address" text NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "token_addresses_token_id_address_pk" PRIMARY KEY("token_id","address")
);
--> statement-breakpoint
CREATE TABLE "token_usage_days" (
	"token_id" uuid NOT NULL,
	"day" date NOT NULL,
	"api" text NOT NULL,
	"calls" bigint NOT NULL,
	"refusals" bigint NOT NULL,
	CONSTRAINT "token_usage_days_token_id_day_api_pk" PRIMARY KEY("token_id","day","api"),
	CONSTRAINT "token_usage_days_api" CHECK ("token_usage_days"."api" in ('order', 'payment', 'catalog', 'introspection', 'other'))
);
--> statement-breakpoint
CREATE TABLE "token_usage_hours" (
	"token_id" uuid NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"api" text NOT NULL,
	"calls" integer NOT NULL,
	"refusals" integer NOT NULL,
	CONSTRAINT "token_usage_hours_token_id_hour_api_pk" PRIMARY KEY("token_id","hour","api"),
	CONSTRAINT "token_usage_hours_api" CHECK ("token_usage_hours"."api" in ('order', 'payment', 'catalog', 'introspection', 'other'))
);
--> statement-breakpoint
CREATE TABLE "usage_writers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"last_batch" bigint NOT NULL,
	"written_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "token_usage" ADD COLUMN "last_api" text;
--> statement-breakpoint
ALTER TABLE "token_usage" ADD COLUMN "last_address" text;
--> statement-breakpoint
ALTER TABLE "token_usage" ADD COLUMN "last_client" text;
--> statement-breakpoint
ALTER TABLE "refusal_proof_answers" ADD CONSTRAINT "refusal_proof_answers_proof_id_refusal_proofs_id_fk" FOREIGN KEY ("proof_id") REFERENCES "public"."refusal_proofs"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "revoked_token_attempts" ADD CONSTRAINT "revoked_token_attempts_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "refusal_proofs_by_age" ON "refusal_proofs" USING btree ("asked_at");
--> statement-breakpoint
CREATE INDEX "token_addresses_by_age" ON "token_addresses" USING btree ("last_used_at");
--> statement-breakpoint
CREATE INDEX "token_usage_days_by_age" ON "token_usage_days" USING btree ("day");
--> statement-breakpoint
CREATE INDEX "token_usage_hours_by_age" ON "token_usage_hours" USING btree ("hour");
--> statement-breakpoint
-- What calls read comes last, so that they wait for the shortest time.
ALTER TABLE "revocations" ALTER COLUMN "user_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "revocations" ADD CONSTRAINT "revocations_by_program" CHECK ("revocations"."user_id" is not null or "revocations"."side" = 'partner') NOT VALID;
