CREATE TABLE "leak_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"address" text,
	"hashes" text[] NOT NULL,
	"found_at" text,
	"words" text,
	CONSTRAINT "leak_reports_source" CHECK ("leak_reports"."source" in ('public', 'github', 'gitlab')),
	CONSTRAINT "leak_reports_hashes" CHECK (cardinality("leak_reports"."hashes") between 1 and 1000),
	CONSTRAINT "leak_reports_found_at" CHECK (char_length("leak_reports"."found_at") <= 2000),
	CONSTRAINT "leak_reports_words" CHECK (char_length("leak_reports"."words") <= 500)
);
--> statement-breakpoint
-- Nobody changes a report; PostgreSQL asks for this of who locks one.
grant select, insert, delete, update (received_at) on leak_reports to partner_tokens_app;
--> statement-breakpoint
ALTER TABLE "stores" ADD COLUMN "leak_answer" text DEFAULT 'revoke' NOT NULL;--> statement-breakpoint
alter table stores add constraint stores_leak_answer check (leak_answer in ('revoke', 'pause')) not valid;
--> statement-breakpoint
grant update (leak_answer) on stores to partner_tokens_app;
