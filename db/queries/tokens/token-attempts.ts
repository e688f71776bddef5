import { and, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { revocations } from '../../schema/revocations.ts'
import { revokedTokenAttempts } from '../../schema/revoked-token-attempts.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { isUnwritten, openCutOffs, unwrittenPauseEnds } from './ends.ts'
import { readTokens } from './tokens.ts'

/**
 * Of the `lastRevoked` tokens in scope that were revoked last, those that were presented again within the last
 * `days` days, the latest attempt first; at most `limit`. `offset 0` keeps PostgreSQL at looking up token by token.
 */
export async function listTriedAgain(
  db: Queryable,
  scope: Party,
  { lastRevoked, days, limit }: { lastRevoked: number; days: number; limit: number },
) {
  const revoked = sql`
    (select ${revocations.tokenId}, ${revocations.revokedAt} as at from ${revocations} where ${inScope(scope, revocations)}
      order by ${revocations.revokedAt} desc, ${revocations.tokenId} desc limit ${lastRevoked})
    union all
    (select of_cut_off.id, cut_off.at from (${openCutOffs(scope)}) cut_off cross join lateral (
        select ${tokens.id} from ${tokens} where ${and(inScope(scope, tokens), isUnwritten)}
        order by ${tokens.id} desc limit ${lastRevoked}
      ) of_cut_off)
    union all
    (select id, ended_at from (${unwrittenPauseEnds(scope)}) of_pause order by ended_at desc, id desc limit ${lastRevoked})
    order by at desc, token_id desc limit ${lastRevoked}`
  const recent = sql`select revoked.token_id, (
      select ${revokedTokenAttempts.lastAt} from ${revokedTokenAttempts}
      where ${and(
        sql`${revokedTokenAttempts.tokenId} = revoked.token_id`,
        sql`${revokedTokenAttempts.lastAt} > now() - make_interval(days => ${days})`,
      )} offset 0
    ) as last_at
    from (${revoked}) revoked`
  return readTokens(
    db,
    scope,
    sql`select token_id as id from (${recent}) recent where last_at is not null
      order by last_at desc, token_id limit ${limit}`,
  )
}
