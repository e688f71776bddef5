-- A token that somebody of the public reported as leaked is revoked from neither side. Processes of the version before take it for one that a
-- program of the partner revoked: nobody's name stands there.
alter table revocations
  drop constraint if exists revocations_side,
  add constraint revocations_side check (side in ('merchant', 'partner', 'operator', 'public')) not valid,
  drop constraint if exists revocations_by_program,
  add constraint revocations_by_program check (
    user_id is not null or side in ('partner', 'public') or starts_with(coalesce(note, ''), 'Applied again after a restore')) not valid;
