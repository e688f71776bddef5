CREATE TABLE "audit_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"action" text NOT NULL,
	"side" text,
	"user_id" uuid,
	"user_name" text,
	"store_id" text,
	"partner_id" text,
	"token_id" uuid,
	"reason" text,
	"note" text,
	"address" text,
	"details" jsonb,
	CONSTRAINT "audit_events_side" CHECK ("audit_events"."side" in ('merchant', 'partner'))
);
--> statement-breakpoint
CREATE TABLE "partner_members" (
	"partner_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "partner_members_user_id_partner_id_pk" PRIMARY KEY("user_id","partner_id"),
	CONSTRAINT "partner_members_role" CHECK ("partner_members"."role" in ('owner', 'administrator', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "store_members" (
	"store_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "store_members_user_id_store_id_pk" PRIMARY KEY("user_id","store_id"),
	CONSTRAINT "store_members_role" CHECK ("store_members"."role" in ('owner', 'administrator', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"store_id" text NOT NULL,
	"number" integer NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"ship_to" text NOT NULL,
	"lines" jsonb NOT NULL,
	CONSTRAINT "orders_store_id_number_pk" PRIMARY KEY("store_id","number")
);
--> statement-breakpoint
CREATE TABLE "partner_access" (
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"store_name" text NOT NULL,
	"partner_name" text NOT NULL,
	"apis" text[] NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "partner_access_store_id_partner_id_pk" PRIMARY KEY("store_id","partner_id"),
	CONSTRAINT "partner_access_apis" CHECK ("partner_access"."apis" <@ array['order', 'payment', 'catalog'])
);
--> statement-breakpoint
CREATE TABLE "partners" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "partners_id_name" UNIQUE("id","name"),
	CONSTRAINT "partners_id_shape" CHECK ("partners"."id" ~ '^ypa-[0-9]{12}$'),
	CONSTRAINT "partners_name_length" CHECK (char_length("partners"."name") between 1 and 200)
);
--> statement-breakpoint
CREATE TABLE "revocations" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"revoked_at" timestamp (3) with time zone NOT NULL,
	"side" text NOT NULL,
	"user_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"note" text,
	CONSTRAINT "revocations_side" CHECK ("revocations"."side" in ('merchant', 'partner')),
	CONSTRAINT "revocations_reason" CHECK ("revocations"."reason" in ('no-longer-working-together', 'exposed', 'another-expiry-date', 'other')),
	CONSTRAINT "revocations_note_length" CHECK (char_length("revocations"."note") <= 500)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"address" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "stores" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"package" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stores_id_name" UNIQUE("id","name"),
	CONSTRAINT "stores_id_shape" CHECK ("stores"."id" ~ '^(yhst-[0-9]{14,15}|[A-Za-z0-9-]{1,50})$'),
	CONSTRAINT "stores_name_length" CHECK (char_length("stores"."name") between 1 and 200),
	CONSTRAINT "stores_package" CHECK ("stores"."package" in ('starter', 'standard', 'professional', 'store-v1'))
);
--> statement-breakpoint
CREATE TABLE "token_usage" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"last_characters" text NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"predecessor_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tokens_hash" UNIQUE("hash"),
	CONSTRAINT "tokens_hash_length" CHECK (octet_length("tokens"."hash") = 32),
	CONSTRAINT "tokens_last_characters_length" CHECK (char_length("tokens"."last_characters") = 4)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "users_email" UNIQUE("email"),
	CONSTRAINT "users_email_lower" CHECK ("users"."email" = lower("users"."email")),
	CONSTRAINT "users_name_length" CHECK (char_length("users"."name") between 1 and 200)
);
--> statement-breakpoint
ALTER TABLE "partner_members" ADD CONSTRAINT "partner_members_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_members" ADD CONSTRAINT "partner_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_members" ADD CONSTRAINT "store_members_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_members" ADD CONSTRAINT "store_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_access" ADD CONSTRAINT "partner_access_store" FOREIGN KEY ("store_id","store_name") REFERENCES "public"."stores"("id","name") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "partner_access" ADD CONSTRAINT "partner_access_partner" FOREIGN KEY ("partner_id","partner_name") REFERENCES "public"."partners"("id","name") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "revocations" ADD CONSTRAINT "revocations_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revocations" ADD CONSTRAINT "revocations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "token_usage" ADD CONSTRAINT "token_usage_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_access" FOREIGN KEY ("store_id","partner_id") REFERENCES "public"."partner_access"("store_id","partner_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_predecessor" FOREIGN KEY ("predecessor_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_of_token" ON "audit_events" USING btree ("token_id","id") WHERE "audit_events"."token_id" is not null;--> statement-breakpoint
CREATE INDEX "partner_members_of_partner" ON "partner_members" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "store_members_of_store" ON "store_members" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "partner_access_by_partner_name" ON "partner_access" USING btree ("store_id","partner_name","partner_id");--> statement-breakpoint
CREATE INDEX "partner_access_by_store_name" ON "partner_access" USING btree ("partner_id","store_name","store_id");--> statement-breakpoint
CREATE INDEX "partner_access_search_partner" ON "partner_access" USING gin (lower("partner_name") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "partner_access_search_store" ON "partner_access" USING gin (lower("store_name") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "revocations_of_store" ON "revocations" USING btree ("store_id","revoked_at","token_id");--> statement-breakpoint
CREATE INDEX "revocations_of_partner" ON "revocations" USING btree ("partner_id","revoked_at","token_id");--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "sessions" USING btree ("user_id","expires_at");--> statement-breakpoint
CREATE INDEX "tokens_of_pair" ON "tokens" USING btree ("store_id","partner_id","expires_at","id");--> statement-breakpoint
CREATE INDEX "tokens_of_store_by_expiry" ON "tokens" USING btree ("store_id","expires_at","id");--> statement-breakpoint
CREATE INDEX "tokens_of_store_by_creation" ON "tokens" USING btree ("store_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tokens_of_partner_by_expiry" ON "tokens" USING btree ("partner_id","expires_at","id");--> statement-breakpoint
CREATE INDEX "tokens_of_partner_by_creation" ON "tokens" USING btree ("partner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tokens_successors" ON "tokens" USING btree ("predecessor_id") WHERE "tokens"."predecessor_id" is not null;