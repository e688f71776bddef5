import { dayMs } from '../../time/units.ts'
import { longestLifetimeYears, shortestLifetimeDays } from '../limits.ts'

export const defaultLifetimeYears = 1
const shortestLifetimeMs = shortestLifetimeDays * dayMs

/** The same day of a later year (29 February becomes 1 March), at the same time of day, in UTC. */
export function addYears(date: Date, years: number): Date {
  const later = new Date(date)
  later.setUTCFullYear(later.getUTCFullYear() + years)
  return later
}

/** A renewed token lives for at least one day and at most five years (docs/domain.md, Tokens). */
export function refusalOfExpiry(expiresAt: Date, now: Date): 'too-soon' | 'too-late' | null {
  const { earliest, latest } = expiryBounds(now)
  if (!(expiresAt >= earliest)) return 'too-soon'
  return expiresAt > latest ? 'too-late' : null
}

/** Between which moments a token that is renewed now may expire, and what is proposed. */
export function expiryBounds(now: Date): { earliest: Date; usual: Date; latest: Date } {
  return {
    earliest: new Date(now.getTime() + shortestLifetimeMs),
    usual: addYears(now, defaultLifetimeYears),
    latest: addYears(now, longestLifetimeYears),
  }
}
