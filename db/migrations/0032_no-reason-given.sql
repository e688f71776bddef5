-- Whoever revokes may give no reason. Processes of the version before write one always, and show nothing where there is none.
alter table revocations alter column reason drop not null;
