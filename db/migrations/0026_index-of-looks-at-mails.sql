-- runs outside a transaction
create index concurrently if not exists mails_to_look_at on mails using btree (least(expires_at, case when attempts > 0 then coalesce(next_look_at, '-infinity') end)) where sent_at is null and body is not null;
