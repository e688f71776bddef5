import type { MerchantActor } from '../access/actors.ts'
import type { Database } from '../process/database.ts'
import { consume, keyOf, limiterOf } from '../rate-limits/limiter.ts'
import { ok, type Result, refuse } from '../result.ts'
import { lookUpLimits } from './limits.ts'

/**
 * Whether the person may see what is behind a Partner ID without another look-up, and else how long to wait for one. Reads
 * only: a page that is asked for changes and counts nothing.
 */
export async function stateOfLookUp(
  { userId, storeId }: MerchantActor,
  partnerId: string,
  { db }: { db: Database },
): Promise<{ isKnown: boolean; waitSeconds: number }> {
  if (await limiterOf(db, lookUpLimits.known).get(keyOf(userId, storeId, partnerId)))
    return { isKnown: true, waitSeconds: 0 }
  const waits = await Promise.all(
    limitsOf({ userId, storeId }).map(async ([limit, key]) => {
      const used = await limiterOf(db, limit).get(keyOf(key))
      return used && used.consumedPoints >= limit.points
        ? Math.max(Math.ceil(used.msBeforeNext / 1000), 1)
        : 0
    }),
  )
  return { isKnown: false, waitSeconds: Math.max(...waits) }
}

const limitsOf = ({ userId, storeId }: { userId: string; storeId: string }) =>
  [
    [lookUpLimits.person, userId],
    [lookUpLimits.store, storeId],
  ] as const

/**
 * Counts a Partner ID before it is looked up: nothing depends on whether there is such a partner. Refuses with the
 * seconds to wait. Throws when the database does not answer.
 */
export async function countLookUp(
  { userId, storeId }: MerchantActor,
  partnerId: string,
  { db }: { db: Database },
): Promise<Result<null, { waitSeconds: number }>> {
  const limiterOfKnown = limiterOf(db, lookUpLimits.known)
  const lookUp = keyOf(userId, storeId, partnerId)
  if (await limiterOfKnown.get(lookUp)) return ok(null)
  // One after the other: what one person is refused does not fill the store's.
  for (const [limit, key] of limitsOf({ userId, storeId })) {
    const waitSeconds = await consume(db, limit, keyOf(key))
    if (waitSeconds > 0) return refuse({ waitSeconds })
  }
  await limiterOfKnown.set(lookUp, 1, lookUpLimits.known.windowMinutes * 60)
  return ok(null)
}
