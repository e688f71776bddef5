-- A successor that was called before adoptions were kept is adopted. 0006 did this while it held its locks. Where it did, this
-- adds what API servers of the version before counted afterwards.
insert into token_adoptions (token_id, adopted_at)
select token_usage.token_id, token_usage.last_used_at
from token_usage join tokens on tokens.id = token_usage.token_id
where tokens.predecessor_id is not null
on conflict (token_id) do nothing;
