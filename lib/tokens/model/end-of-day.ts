import { momentsOf } from '../../time/zone-offsets.ts'

/**
 * The last millisecond of a day of the calendar in a time zone.
 * @param day as in 2026-11-23.
 * @param timeZone an IANA name that `isTimeZone`.
 */
export function endOfDay(day: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T23:59:59.999Z`)
  const { exact, near, offsetMsAt } = momentsOf(wanted, timeZone)
  // Where clocks are set back in the last hour it comes twice: the later one ends the day.
  return new Date(exact.at(-1) ?? lastBeforeJump(...near, offsetMsAt))
}

/** Set forward, the last hour never comes: the last millisecond before clocks jump, which they do between the two. */
function lastBeforeJump(before: number, after: number, offsetMsAt: (at: number) => number): number {
  const offset = offsetMsAt(before)
  let [last, first] = [before, after]
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2)
    if (offsetMsAt(middle) === offset) last = middle
    else first = middle
  }
  return last
}
