import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'

/**
 * Notes when tokens were last used; an older moment never replaces a newer one, and a token that does not
 * exist is left out. Written in the order of the ids, so that two processes cannot lock each other out.
 */
export async function writeLastUses(db: Queryable, uses: { tokenId: string; lastUsedAt: Date }[]) {
  const ids = sql.param(uses.map((use) => use.tokenId))
  const moments = sql.param(uses.map((use) => use.lastUsedAt.toISOString()))
  await db.execute(sql`
    insert into token_usage (token_id, last_used_at)
    select used.token_id, used.last_used_at
    from unnest(${ids}::uuid[], ${moments}::timestamptz[]) as used (token_id, last_used_at)
    join tokens on tokens.id = used.token_id
    order by used.token_id
    on conflict (token_id) do update set last_used_at = excluded.last_used_at
    where token_usage.last_used_at < excluded.last_used_at`)
}
