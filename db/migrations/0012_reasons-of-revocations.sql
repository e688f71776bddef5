-- 0006 did this and read all revocations meanwhile, under a lock that no call passes.
alter table revocations
  drop constraint if exists revocations_reason,
  add constraint revocations_reason check (reason in ('no-longer-working-together', 'exposed', 'another-expiry-date', 'replaced', 'access-removed', 'other')) not valid;
