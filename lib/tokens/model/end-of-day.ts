import { dayMs } from '../../time/units.ts'

/**
 * The last millisecond of a day of the calendar in a time zone.
 * @param day as in 2026-11-23.
 * @param timeZone an IANA name that `isTimeZone`.
 */
export function endOfDay(day: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T23:59:59.999Z`)
  const offsetMsAt = offsetsOf(timeZone)
  const candidates = [wanted - dayMs, wanted + dayMs].map((near) => wanted - offsetMsAt(near))
  // Where clocks are set back in the last hour it comes twice: the later one ends the day.
  const right = candidates.filter((at) => at + offsetMsAt(at) === wanted)
  if (right.length > 0) return new Date(Math.max(...right))
  return new Date(lastBeforeJump(Math.min(...candidates), Math.max(...candidates), offsetMsAt))
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

/** How far the zone's clocks are ahead of UTC at a moment. Making the format costs far more than using it. */
function offsetsOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  return (at) => {
    // Such as `1/1/2026, GMT+05:45`; long ago with seconds.
    const offsetNamed = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(format.format(at)) as RegExpExecArray
    const [, sign, hours, minutes, seconds = 0] = offsetNamed
    const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
    return sign === '-' ? -offset : offset
  }
}
