import type { Queryable } from '#db/client.ts'
import { readCallsOfDays } from '#db/queries/verification/token-usage.ts'
import type { Actor } from '../../access/actor.ts'
import { usageWindowDays } from '../limits.ts'

/** What came in on a day (UTC), `day` as in 2026-11-23: accepted calls, and refused ones. */
export type UsageDay = { day: string; calls: number; refusals: number }

/**
 * The last 30 days of the actor's tokens among `tokenIds`, oldest first, today (of the database, UTC) last; a day
 * without calls has zeros. One query, however many tokens.
 */
export async function usageDays(
  actor: Actor,
  tokenIds: string[],
  { db }: { db: Queryable },
): Promise<Map<string, UsageDay[]>> {
  const rows = await readCallsOfDays(db, actor, tokenIds, usageWindowDays)
  return new Map(rows.map(({ tokenId, today, calls }) => [tokenId, fillDays(today, calls)]))
}

/** The days up to `today`, each with the sum of what `calls` holds of it. */
export function fillDays(today: string, calls: UsageDay[]): UsageDay[] {
  const days = new Map(lastDays(today).map((day) => [day, { day, calls: 0, refusals: 0 }]))
  for (const part of calls) {
    const sum = days.get(part.day)
    if (!sum) continue
    sum.calls += part.calls
    sum.refusals += part.refusals
  }
  return [...days.values()]
}

function lastDays(today: string): string[] {
  const last = new Date(`${today}T00:00:00Z`)
  return Array.from({ length: usageWindowDays }, (_, n) => {
    const day = new Date(last)
    day.setUTCDate(last.getUTCDate() - (usageWindowDays - 1 - n))
    return day.toISOString().slice(0, 10)
  })
}
