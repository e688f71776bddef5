CREATE TABLE "service_credential_uses" (
	"credential_id" uuid PRIMARY KEY NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL,
	"last_address" text
);
--> statement-breakpoint
CREATE TABLE "service_credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"last_characters" text NOT NULL,
	"store_id" text,
	"partner_id" text,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"networks" "cidr"[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" uuid NOT NULL,
	"created_by_name" text NOT NULL,
	"created_by_email" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" uuid,
	"revoked_by_name" text,
	"revoked_by_email" text,
	CONSTRAINT "service_credentials_hash" UNIQUE("hash"),
	CONSTRAINT "service_credentials_owner" CHECK (num_nonnulls("service_credentials"."store_id", "service_credentials"."partner_id") = 1),
	CONSTRAINT "service_credentials_hash_length" CHECK (octet_length("service_credentials"."hash") = 32),
	CONSTRAINT "service_credentials_last_characters_length" CHECK (char_length("service_credentials"."last_characters") = 4),
	CONSTRAINT "service_credentials_name_length" CHECK (char_length("service_credentials"."name") between 1 and 60),
	CONSTRAINT "service_credentials_scopes" CHECK (cardinality("service_credentials"."scopes") > 0 and "service_credentials"."scopes" <@ array['read', 'issue', 'renew', 'collect', 'revoke', 'pause']),
	CONSTRAINT "service_credentials_networks" CHECK (cardinality("service_credentials"."networks") <= 20),
	CONSTRAINT "service_credentials_lifetime" CHECK ("service_credentials"."expires_at" > "service_credentials"."created_at" and "service_credentials"."expires_at" - "service_credentials"."created_at" <= interval '366 days')
);
--> statement-breakpoint
ALTER TABLE "service_credential_uses" ADD CONSTRAINT "service_credential_uses_credential_id_service_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."service_credentials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_credentials" ADD CONSTRAINT "service_credentials_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_credentials" ADD CONSTRAINT "service_credentials_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_credentials" ADD CONSTRAINT "service_credentials_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_credentials" ADD CONSTRAINT "service_credentials_revoked_by_users_id_fk" FOREIGN KEY ("revoked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "service_credentials_of_store" ON "service_credentials" USING btree ("store_id","id") WHERE "service_credentials"."store_id" is not null;--> statement-breakpoint
CREATE INDEX "service_credentials_of_partner" ON "service_credentials" USING btree ("partner_id","id") WHERE "service_credentials"."partner_id" is not null;--> statement-breakpoint
CREATE INDEX "service_credentials_by_expiry" ON "service_credentials" USING btree ("expires_at") WHERE "service_credentials"."revoked_at" is null;
--> statement-breakpoint
grant select, insert, update (revoked_at, revoked_by, revoked_by_name, revoked_by_email) on service_credentials to partner_tokens_app;
--> statement-breakpoint
grant select, insert, update on service_credential_uses to partner_tokens_app;
--> statement-breakpoint
-- It is revoked once, and never lives again; nothing else of it changes.
create function change_credential_once() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if old.revoked_at is not null or new.revoked_at is null
    or (to_jsonb(new) - array['revoked_at', 'revoked_by', 'revoked_by_name', 'revoked_by_email'])
      <> (to_jsonb(old) - array['revoked_at', 'revoked_by', 'revoked_by_name', 'revoked_by_email']) then
    raise exception 'A service credential is revoked once; nothing else of it changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger service_credentials_change_once before update on service_credentials
  for each row execute function change_credential_once();
--> statement-breakpoint
create trigger service_credentials_stay before delete or truncate on service_credentials
  for each statement execute function refuse_change();
