import { countExpiringOfStores } from '#db/queries/tokens/expiring-counts.ts'
import type { Database } from '../../process/database.ts'
import { expiringWithinDays } from '../limits.ts'

/** Beyond this it does not matter how many. */
export const maxExpiringShown = 99
const bounds = { withinDays: expiringWithinDays, limit: maxExpiringShown + 1 }

/** How many live tokens of each store expire in the next 30 days, {@link maxExpiringShown} and one at most; stores without are left out. One query, however many stores. */
export async function countExpiringByStore(
  memberships: { storeId: string }[],
  { db }: { db: Database },
): Promise<Map<string, number>> {
  const storeIds = memberships.map(({ storeId }) => storeId)
  return countExpiringOfStores(db, storeIds, bounds)
}
