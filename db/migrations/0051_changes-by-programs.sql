CREATE TABLE "idempotent_requests" (
	"credential_id" uuid NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"status" integer,
	"answer" text,
	CONSTRAINT "idempotent_requests_credential_id_key_hash_pk" PRIMARY KEY("credential_id","key_hash"),
	CONSTRAINT "idempotent_requests_hashes" CHECK (octet_length("idempotent_requests"."key_hash") = 32 and octet_length("idempotent_requests"."request_hash") = 32),
	CONSTRAINT "idempotent_requests_answer" CHECK (("idempotent_requests"."status" is null) = ("idempotent_requests"."answer" is null))
);
--> statement-breakpoint
ALTER TABLE "handovers" ADD COLUMN "collected_by_credential" uuid;--> statement-breakpoint
ALTER TABLE "idempotent_requests" ADD CONSTRAINT "idempotent_requests_credential_id_service_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."service_credentials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotent_requests_by_age" ON "idempotent_requests" USING btree ("created_at");
--> statement-breakpoint
grant select, insert, update, delete on idempotent_requests to partner_tokens_app;
--> statement-breakpoint
grant update (collected_by_credential) on handovers to partner_tokens_app;
