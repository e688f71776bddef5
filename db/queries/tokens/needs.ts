import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { handovers } from '../../schema/handovers.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { liveSuccessors } from './renewal-chains.ts'
import { isWaiting } from './token-filters.ts'
import { notRevoked } from './tokens.ts'
import { isNotCutOffJustNow, walkedTokens } from './walked-tokens.ts'

/** What ends soon comes first, then what nobody collected, what is old and can go, and all else. */
export const needRanks = { ending: 0, 'not-collected': 1, 'can-go': 2, none: 3 } as const

/** Of a store or a partner with more live tokens those are looked at that expire first. */
const maxLookedAt = 1_000

/**
 * The other parties of a scope, by their IDs, of which a live token needs somebody: the rank of the neediest, one of
 * {@link needRanks}. `stateOf` of lib/tokens/model/state.ts says the same of a single token.
 */
export async function findNeedy(db: Queryable, scope: Party, withinDays: number) {
  const otherId = scope.side === 'merchant' ? tokens.partnerId : tokens.storeId
  const { ending, 'not-collected': notCollected, 'can-go': canGo } = needRanks
  const id = sql`walked.id`
  const { rows } = await db.execute<{ otherId: string; rank: number }>(sql`
    with walked as materialized (
      select ${tokens.id} as id, ${otherId} as other_id, ${tokens.expiresAt} as expires_at from ${walkedTokens}
      where ${and(inScope(scope, tokens), gt(tokens.expiresAt, sql`now()`), isNotCutOffJustNow(scope), notRevoked)}
      order by ${tokens.expiresAt}, ${tokens.id} limit ${maxLookedAt}
    ), looked_at as (
      select walked.other_id, walked.expires_at, next.id as next_id, ${isWaiting(id)} as is_waiting,
        (select ${tokenUsage.lastUsedAt} from ${tokenUsage} where ${eq(tokenUsage.tokenId, id)}) as last_used_at,
        exists (
          select from ${handovers} where ${and(eq(handovers.tokenId, id), isNull(handovers.collectedAt))} offset 0
        ) as is_left,
        (select ${tokenAdoptions.adoptedAt} from ${tokenAdoptions} where ${eq(tokenAdoptions.tokenId, sql`next.id`)}) as adopted_at
      from walked left join (${liveSuccessors(sql`select id from walked`)}) next on next.of_id = walked.id
    ), ranked as (
      select other_id, case
        when is_waiting or is_left and last_used_at is null then ${notCollected}::int
        when next_id is null and expires_at <= now() + make_interval(days => ${withinDays}) then ${ending}::int
        when coalesce(last_used_at < adopted_at, adopted_at is not null) then ${canGo}::int
      end as rank from looked_at
    )
    select other_id as "otherId", min(rank) as rank from ranked where rank is not null group by other_id`)
  return rows
}
