import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { readTokens } from './tokens.ts'

type Pair = { storeId: string; partnerId: string }

/** All tokens of a store and a partner, ended ones too, the newest first; `limit` at most. */
export async function listTokensOfPair(db: Queryable, scope: Party, pair: Pair, limit: number) {
  return readTokens(
    db,
    scope,
    sql`select ${tokens.id} as id from ${tokens} where ${ofPair(scope, pair)}
      order by ${tokens.createdAt} desc, ${tokens.id} desc limit ${limit}`,
  )
}

/** How many they are, counted no further than `limit`. */
export async function countTokensOfPair(db: Queryable, scope: Party, pair: Pair, limit: number) {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from (select from ${tokens} where ${ofPair(scope, pair)} limit ${limit}) counted`)
  return rows[0]?.count ?? 0
}

const ofPair = (scope: Party, { storeId, partnerId }: Pair) =>
  and(inScope(scope, tokens), eq(tokens.storeId, storeId), eq(tokens.partnerId, partnerId))
