import { and, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../client.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { isUnwritten, openCutOffs, unwrittenPauseEnds } from './ends.ts'
import { notRevoked } from './tokens.ts'
import { isNotCutOffJustNow, walkedTokens } from './walked-tokens.ts'

type Counts = {
  active: number
  expiring: number
  ended: number
  /** The live tokens' partners, or stores. */
  parties: number
  /** Whether all unexpired ones, and all expired ones, were walked. */
  walkedLive: boolean
  walkedEnded: boolean
}

/**
 * Counts the tokens of a scope, by what the tabs of its list hold. Walks `limit` rows of an index at most for each of three
 * parts: tokens that have not expired, soonest to expire first; those that have, last expired first; revocations,
 * with what a cut-off or a pause has ended and nobody has written down yet.
 */
export async function countTokens(
  db: Queryable,
  scope: Party,
  { withinDays, limit }: { withinDays: number; limit: number },
): Promise<Counts> {
  const walk = (
    from: SQL,
    expiry: SQL,
    isStanding: SQL,
    order: SQL,
  ) => sql`select ${otherId(scope)} as other_id,
      ${tokens.expiresAt} as expires_at, ${isStanding} as is_standing
    from ${from} where ${and(inScope(scope, tokens), expiry)} order by ${order} limit ${limit + 1}`
  const soonest = sql`${tokens.expiresAt}, ${tokens.id}`
  const latest = sql`${tokens.expiresAt} desc, ${tokens.id} desc`
  const { rows } = await db.execute<Counts>(sql`
    with unexpired as materialized (
        ${walk(walkedTokens, gt(tokens.expiresAt, sql`now()`), isNotCutOffJustNow(scope), soonest)}),
      expired as materialized (${walk(sql`${tokens}`, lte(tokens.expiresAt, sql`now()`), notRevoked, latest)}),
      revoked as materialized (
        (select from ${revocations} where ${inScope(scope, revocations)} limit ${limit + 1})
        union all
        (select from (${openCutOffs(scope)}) cut_off cross join lateral (
          select from ${tokens} where ${and(inScope(scope, tokens), isUnwritten)}
          order by ${tokens.createdAt}, ${tokens.id} limit ${limit + 1}
        ) of_cut_off limit ${limit + 1})
        union all
        (select from (${unwrittenPauseEnds(scope)}) of_pause limit ${limit + 1}))
    select live.*, (past.count + ended.count)::int as ended,
      live.walked <= ${limit} as "walkedLive", past.walked <= ${limit} and ended.count <= ${limit} as "walkedEnded"
    from (select count(*) filter (where is_standing)::int as active, count(*) as walked,
        count(*) filter (where is_standing and expires_at <= now() + make_interval(days => ${withinDays}))::int as expiring,
        count(distinct other_id) filter (where is_standing)::int as parties from unexpired) live,
      (select count(*) filter (where is_standing) as count, count(*) as walked from expired) past,
      (select count(*) as count from revoked) ended`)
  return rows[0] as Counts
}

function otherId(scope: Party): PgColumn {
  switch (scope.side) {
    case 'merchant':
      return tokens.partnerId
    case 'partner':
      return tokens.storeId
  }
}
