CREATE TABLE "log_checkpoints" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "log_checkpoints_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"size" bigint NOT NULL,
	"note" text NOT NULL,
	"signed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_entries" (
	"index" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"fact_key" text NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "log_entries_fact" UNIQUE("fact_key","kind"),
	CONSTRAINT "log_entries_kind" CHECK ("log_entries"."kind" in ('revocation', 'proof', 'cut-off', 'pause', 'resume')),
	CONSTRAINT "log_entries_index" CHECK ("log_entries"."index" >= 0)
);
--> statement-breakpoint
CREATE TABLE "log_nodes" (
	"level" smallint NOT NULL,
	"index" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "log_nodes_level_index_pk" PRIMARY KEY("level","index"),
	CONSTRAINT "log_nodes_hash" CHECK (octet_length("log_nodes"."hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "log_queue" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "log_queue_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"fact_key" text NOT NULL,
	CONSTRAINT "log_queue_kind" CHECK ("log_queue"."kind" in ('revocation', 'proof', 'cut-off', 'pause', 'resume'))
);
--> statement-breakpoint
CREATE INDEX "log_checkpoints_by_size" ON "log_checkpoints" USING btree ("size");
--> statement-breakpoint
grant select, insert, delete on log_queue to partner_tokens_app;
--> statement-breakpoint
grant select, insert on log_entries, log_nodes, log_checkpoints to partner_tokens_app;
--> statement-breakpoint
create trigger log_entries_are_final before update or delete or truncate on log_entries
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger log_nodes_are_final before update or delete or truncate on log_nodes
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger log_checkpoints_are_final before update or delete or truncate on log_checkpoints
  for each statement execute function refuse_change();
--> statement-breakpoint
-- What the books of a cut-off write has its moment: the cut-off itself is in the log.
create function log_revocations() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into log_queue (kind, fact_key)
  select 'revocation', added.token_id from added
  where not exists (
    select from cut_offs where cut_offs.at = added.revoked_at and cut_offs.extent in (
      added.store_id || ' ' || added.partner_id, added.store_id || ' ', ' ' || added.partner_id));
  return null;
end $$;
--> statement-breakpoint
create function log_proofs() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into log_queue (kind, fact_key) select 'proof', token_id from added;
  return null;
end $$;
--> statement-breakpoint
create function log_cut_offs() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into log_queue (kind, fact_key) select 'cut-off', id from added;
  return null;
end $$;
--> statement-breakpoint
create function log_pauses() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into log_queue (kind, fact_key) select tg_argv[0], token_id || ' ' || side || ' ' || number from added;
  return null;
end $$;
--> statement-breakpoint
create trigger revocations_are_logged after insert on revocations
  referencing new table as added for each statement execute function log_revocations();
--> statement-breakpoint
create trigger kept_proofs_are_logged after insert on kept_proofs
  referencing new table as added for each statement execute function log_proofs();
--> statement-breakpoint
create trigger cut_offs_are_logged after insert on cut_offs
  referencing new table as added for each statement execute function log_cut_offs();
--> statement-breakpoint
create trigger pauses_are_logged after insert on pauses
  referencing new table as added for each statement execute function log_pauses('pause');
--> statement-breakpoint
create trigger resumes_are_logged after insert on resumes
  referencing new table as added for each statement execute function log_pauses('resume');
