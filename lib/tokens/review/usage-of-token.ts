import { readAddresses, readCallsOfDays } from '#db/queries/verification/token-usage.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import type { UsedApi } from '../../verification/recorded-call.ts'
import { usageWindowDays } from '../limits.ts'
import { fillDays, type UsageDay } from './usage-days.ts'

export type UsageOfToken = {
  /** The last 30 days of each API that was called, as `usageDays` has them; the most used one first. */
  apis: { api: UsedApi; days: UsageDay[] }[]
  /** The last 30 days, as in 2026-11-23, the oldest first, today (of the database, UTC) last. */
  days: string[]
  /** Of accepted calls in the last 30 days, the latest first, 20 at most; the times are right to the minute. */
  addresses: UsedAddress[]
  /** Whether there are more of them. */
  hasMoreAddresses: boolean
}

export type UsedAddress = {
  address: string
  /** Since it was kept for the first time; null: not noted then. */
  firstUsedAt: Date | null
  lastUsedAt: Date
  /** On which of the days, the oldest first. */
  usedOn: string[]
}

const maxAddresses = 20

/** What one of the actor's tokens was used for; undefined: somebody else's token does not exist for it. */
export async function usageOfToken(
  actor: Actor,
  tokenId: string,
  { db }: { db: Database },
): Promise<UsageOfToken | undefined> {
  const [[used], addresses] = await Promise.all([
    readCallsOfDays(db, actor, [tokenId], usageWindowDays),
    readAddresses(db, actor, tokenId, { limit: maxAddresses + 1, days: usageWindowDays }),
  ])
  if (!used) return undefined
  const byApi = Map.groupBy(used.calls, ({ api }) => api)
  const apis = [...byApi].map(([api, calls]) => ({ api, days: fillDays(used.today, calls) }))
  apis.sort((a, b) => totalOf(b.days) - totalOf(a.days) || a.api.localeCompare(b.api))
  return {
    apis,
    days: fillDays(used.today, []).map(({ day }) => day),
    addresses: addresses.slice(0, maxAddresses),
    hasMoreAddresses: addresses.length > maxAddresses,
  }
}

function totalOf(days: UsageDay[]): number {
  return days.reduce((sum, { calls, refusals }) => sum + calls + refusals, 0)
}
