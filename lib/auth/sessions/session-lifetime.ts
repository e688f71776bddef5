import { dayMs, minuteMs } from '../../time/units.ts'

/** A session ends a week after its last use, and 30 days after signing in, however much it is used. */
const idleDays = 7
export const lifetimeDays = 30

/** `last seen` is as exact as this; a write for every page would be a high price for more. */
const seenEveryMinutes = 5

export function expiryOf(session: { createdAt: Date }, lastSeenAt: Date): Date {
  return new Date(
    Math.min(session.createdAt.getTime() + lifetimeDays * dayMs, lastSeenAt.getTime() + idleDays * dayMs),
  )
}

/** A session not seen since this moment is noted as seen again. */
export function seenBefore(now: Date): Date {
  return new Date(now.getTime() - seenEveryMinutes * minuteMs)
}
