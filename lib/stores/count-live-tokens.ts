import { countLiveOfStores } from '#db/queries/tokens/live-counts.ts'
import type { Database } from '../process/database.ts'

/** Beyond this it does not matter how many. */
export const maxLiveShown = 999

/**
 * The live tokens of each store of a person's, by its id, {@link maxLiveShown} and one at most; stores without are left out. One
 * query, however many stores.
 */
export async function countLiveTokensByStore(
  memberships: { storeId: string }[],
  { db }: { db: Database },
): Promise<Map<string, number>> {
  const storeIds = memberships.map(({ storeId }) => storeId)
  return countLiveOfStores(db, storeIds, { limit: maxLiveShown + 1 })
}
