import { and, desc, inArray, notInArray, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../client.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { live, readTokens } from './tokens.ts'

/** Other live tokens of the stores and partners of the tokens `tokenIds`. */
export async function findLiveSiblings(db: Queryable, scope: Party, tokenIds: string[], limit: number) {
  if (tokenIds.length === 0) return []
  return readTokens(db, scope, liveSiblings(scope, tokenIds, limit))
}

/** How many there are of them; counts no further than `limit`. */
export async function countLiveSiblings(db: Queryable, scope: Party, tokenIds: string[], limit: number) {
  const { rows } = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from (${liveSiblings(scope, tokenIds, limit)}) counted`,
  )
  return rows[0]?.count ?? 0
}

/**
 * When the youngest token of the stores and partners of the tokens `tokenIds` was made, whatever became of it. Those of
 * one pair are made one after the other: each is younger than all that could be seen before.
 */
export async function findLastCreation(db: Queryable, scope: Party, tokenIds: string[]): Promise<Date> {
  const { rows } = await db.execute<{ at: string | null }>(sql`
    select max(of_pair.at) as at from (${pairsOf(scope, tokenIds)}) pair cross join lateral (
      select ${tokens.createdAt} as at from ${tokens}
      where ${tokens.storeId} = pair.store_id and ${tokens.partnerId} = pair.partner_id
      order by ${desc(tokens.createdAt)} limit 1
    ) of_pair`)
  return new Date(rows[0]?.at ?? 0)
}

/** Walks each pair by its index, so that neither a long pair nor a long list is read whole. */
function liveSiblings(scope: Party, tokenIds: string[], limit: number): SQL {
  const ofPair = and(
    sql`${tokens.storeId} = pair.store_id`,
    sql`${tokens.partnerId} = pair.partner_id`,
    live,
    notInArray(tokens.id, tokenIds),
  )
  return sql`select of_pair.id from (${pairsOf(scope, tokenIds)}) pair cross join lateral (
      select ${tokens.id} as id, ${tokens.expiresAt} as at from ${tokens} where ${ofPair}
      order by ${tokens.expiresAt}, ${tokens.id} limit ${limit}
    ) of_pair
    order by pair.store_id, pair.partner_id, of_pair.at, of_pair.id limit ${limit}`
}

/** The store and partner of each of the tokens `tokenIds`. */
function pairsOf(scope: Party, tokenIds: string[]): SQL {
  const chosen = alias(tokens, 'chosen')
  return sql`select distinct ${chosen.storeId}, ${chosen.partnerId} from ${tokens} ${sql.identifier('chosen')}
    where ${and(inScope(scope, chosen), inArray(chosen.id, tokenIds))}`
}

/** Belongs to a store and partner of one of the tokens `tokenIds`. */
export function isOfPairOf(scope: Party, tokenIds: string[]): SQL {
  return sql`(${tokens.storeId}, ${tokens.partnerId}) in (${pairsOf(scope, tokenIds)})`
}
