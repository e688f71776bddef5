-- Who renamed a partner or a store locked all its rows of partner_access at once, and revocations waited for that.
create table name_copies (
  side text not null,
  party_id text not null,
  after_id text default '' not null,
  has_skipped boolean default false not null,
  constraint name_copies_side_party_id_pk primary key (side, party_id),
  constraint name_copies_side check (side in ('store', 'partner'))
);
--> statement-breakpoint
grant select, update, delete on name_copies to partner_tokens_app;
--> statement-breakpoint
grant update (store_name, partner_name) on partner_access to partner_tokens_app;
--> statement-breakpoint
-- Both functions have the owner's rights, as the references had that did this before. A second renaming begins from the start.
create function copy_new_name() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into name_copies (side, party_id) values (tg_argv[0], new.id)
    on conflict (side, party_id) do update set after_id = '', has_skipped = false;
  return null;
end $$;
--> statement-breakpoint
-- A pair that is added during a renaming waits for it here, as it waits for it at its references, and has the new names.
create function take_names_of_pair() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  select name into new.store_name from stores where id = new.store_id for key share;
  select name into new.partner_name from partners where id = new.partner_id for key share;
  return new;
end $$;
--> statement-breakpoint
create trigger stores_are_renamed after update of name on stores
  for each row when (old.name is distinct from new.name) execute function copy_new_name('store');
--> statement-breakpoint
create trigger partners_are_renamed after update of name on partners
  for each row when (old.name is distinct from new.name) execute function copy_new_name('partner');
--> statement-breakpoint
create trigger partner_access_has_names before insert on partner_access
  for each row execute function take_names_of_pair();
--> statement-breakpoint
alter table partner_access
  drop constraint partner_access_store,
  drop constraint partner_access_partner,
  add constraint partner_access_store_id_stores_id_fk foreign key (store_id) references stores (id) not valid,
  add constraint partner_access_partner_id_partners_id_fk foreign key (partner_id) references partners (id) not valid;
