CREATE TABLE "kept_proofs" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"proved_at" timestamp (3) with time zone NOT NULL,
	"gateways" integer NOT NULL,
	"refused" integer NOT NULL,
	"accepting" integer NOT NULL,
	"refused_after_ms" integer,
	CONSTRAINT "kept_proofs_counts" CHECK ("kept_proofs"."refused" >= 0 and "kept_proofs"."accepting" >= 0 and "kept_proofs"."refused" + "kept_proofs"."accepting" <= "kept_proofs"."gateways"),
	CONSTRAINT "kept_proofs_time" CHECK (("kept_proofs"."refused_after_ms" is null) = ("kept_proofs"."refused" = 0) and "kept_proofs"."refused_after_ms" >= 0)
);
--> statement-breakpoint
grant select, insert on kept_proofs to partner_tokens_app;
--> statement-breakpoint
create trigger kept_proofs_are_final before update or delete or truncate on kept_proofs
  for each statement execute function refuse_change();
--> statement-breakpoint
ALTER TABLE "kept_proofs" ADD CONSTRAINT "kept_proofs_token_id_revocations_token_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."revocations"("token_id") ON DELETE no action ON UPDATE no action;