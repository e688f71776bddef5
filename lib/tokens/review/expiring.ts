import { countExpiring, countExpiringOfStores } from '#db/queries/tokens/expiring-counts.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { expiringWithinDays } from '../limits.ts'

/** Beyond this it does not matter how many. */
export const maxExpiringShown = 99
const bounds = { withinDays: expiringWithinDays, limit: maxExpiringShown + 1 }

/** How many of the actor's live tokens expire in the next 30 days; {@link maxExpiringShown} and one at most. */
export async function countExpiringTokens(actor: Actor, { db }: { db: Database }): Promise<number> {
  return countExpiring(db, actor, bounds)
}

/** The same of each store of a person's, by its id; stores without are left out. One query, however many stores. */
export async function countExpiringByStore(
  memberships: { storeId: string }[],
  { db }: { db: Database },
): Promise<Map<string, number>> {
  const storeIds = memberships.map(({ storeId }) => storeId)
  return countExpiringOfStores(db, storeIds, bounds)
}
