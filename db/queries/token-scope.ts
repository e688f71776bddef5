import { eq, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/** Whose tokens a query may see. There is no query without one. */
export type TokenScope = { by: 'store'; storeId: string } | { by: 'partner'; partnerId: string }

/** Always a condition, never `undefined`: `and(undefined, x)` would be `x` for everybody. */
export function inScope(scope: TokenScope, table: { storeId: PgColumn; partnerId: PgColumn }): SQL {
  switch (scope.by) {
    case 'store':
      return eq(table.storeId, scope.storeId)
    case 'partner':
      return eq(table.partnerId, scope.partnerId)
  }
}
