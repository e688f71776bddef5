import { eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { tokens } from '../schema/tokens.ts'

/** A store or a partner. Whose rows a query may see: there is no query without one. */
export type Party = { side: 'merchant'; storeId: string } | { side: 'partner'; partnerId: string }

/** One token, and nothing beside it: not even what else is of its store and partner. */
export type OneToken = { tokenId: string; side?: never }

/** Always a condition, never `undefined`: `and(undefined, x)` would be `x` for everybody. */
export function inScope(scope: Party, table: { storeId: PgColumn; partnerId: PgColumn }): SQL {
  switch (scope.side) {
    case 'merchant':
      return eq(table.storeId, scope.storeId)
    case 'partner':
      return eq(table.partnerId, scope.partnerId)
  }
}

/** Which rows of the table of tokens: of a party, or the one. Always a condition as well. */
export function inTokenScope(scope: Party | OneToken): SQL {
  return scope.side === undefined ? eq(tokens.id, scope.tokenId) : inScope(scope, tokens)
}

/** An account's address, for the side that the account belongs to; to the other side it is null. */
export function forOwnSide(scope: Party | OneToken, side: SQLWrapper, email: SQLWrapper) {
  return sql<string | null>`case when ${side} = ${scope.side ?? null}::text then ${email} end`
}
