import { eq, type SQL } from 'drizzle-orm'
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
