export const defaultLifetimeYears = 1
const shortestLifetimeMs = 86_400_000
const longestLifetimeYears = 5

/** The same day of a later year (29 February becomes 1 March), at the same time of day, in UTC. */
export function addYears(date: Date, years: number): Date {
  const later = new Date(date)
  later.setUTCFullYear(later.getUTCFullYear() + years)
  return later
}

/** A renewed token lives for at least one day and at most five years (domain.md, Tokens). */
export function refusalOfExpiry(expiresAt: Date, now: Date): 'too-soon' | 'too-late' | null {
  if (!(expiresAt.getTime() - now.getTime() >= shortestLifetimeMs)) return 'too-soon'
  return expiresAt > addYears(now, longestLifetimeYears) ? 'too-late' : null
}
