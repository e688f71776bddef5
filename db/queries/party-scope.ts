import { eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { tokens } from '../schema/tokens.ts'

/** Whose rows a query may see: a store's, or a partner's. There is no query without one. */
export type PartyScope = { by: 'store'; storeId: string } | { by: 'partner'; partnerId: string }

/** One token, and nothing beside it: not even what else is of its store and partner. */
export type OneToken = { by: 'token'; tokenId: string }

/** Always a condition, never `undefined`: `and(undefined, x)` would be `x` for everybody. */
export function inScope(scope: PartyScope, table: { storeId: PgColumn; partnerId: PgColumn }): SQL {
  switch (scope.by) {
    case 'store':
      return eq(table.storeId, scope.storeId)
    case 'partner':
      return eq(table.partnerId, scope.partnerId)
  }
}

/** Which rows of the table of tokens: of a scope, or the one. Always a condition as well. */
export function inReach(reach: PartyScope | OneToken): SQL {
  return reach.by === 'token' ? eq(tokens.id, reach.tokenId) : inScope(reach, tokens)
}

/** An account's address, for the side that the account belongs to; to the other side it is null. */
export function forOwnSide(reach: PartyScope | OneToken, side: SQLWrapper, email: SQLWrapper) {
  const viewer = { store: 'merchant', partner: 'partner', token: null }[reach.by]
  return sql<string | null>`case when ${side} = ${viewer}::text then ${email} end`
}
