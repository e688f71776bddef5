CREATE TABLE "token_finds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"side" text NOT NULL,
	"store_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"token_ids" uuid[] NOT NULL,
	"by_text" integer NOT NULL,
	"by_id" integer NOT NULL,
	"first_lines" integer[] NOT NULL,
	"line_counts" integer[] NOT NULL,
	"is_more" boolean NOT NULL,
	"other_texts" integer NOT NULL,
	"broken_texts" integer NOT NULL,
	"text_lines" integer NOT NULL,
	CONSTRAINT "token_finds_of_side" CHECK (("token_finds"."side" = 'merchant' and "token_finds"."store_id" <> '' and "token_finds"."partner_id" = '') or ("token_finds"."side" = 'partner' and "token_finds"."partner_id" <> '' and "token_finds"."store_id" = '')),
	CONSTRAINT "token_finds_lines" CHECK (cardinality("token_finds"."first_lines") = cardinality("token_finds"."token_ids") and cardinality("token_finds"."line_counts") = cardinality("token_finds"."token_ids") and "token_finds"."by_text" + "token_finds"."by_id" <= cardinality("token_finds"."token_ids"))
);
--> statement-breakpoint
ALTER TABLE "token_finds" ADD CONSTRAINT "token_finds_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "token_finds_of_user" ON "token_finds" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "token_finds_by_age" ON "token_finds" USING btree ("found_at");
--> statement-breakpoint
grant select, insert, delete on token_finds to partner_tokens_app;
