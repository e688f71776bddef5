import { dayMs } from './units.ts'

/**
 * The moments at which clocks of a time zone show a time. None: clocks skip it. Two: they show it twice, the earlier one first.
 * `near`: one of each side of a change of the clocks, where there is one within a day.
 * @param shown the time that clocks show, as if it were UTC, in ms since 1970.
 * @param timeZone an IANA name that `isTimeZone`.
 */
export function momentsOf(
  shown: number,
  timeZone: string,
): { exact: number[]; near: [number, number]; offsetMsAt: (at: number) => number } {
  const offsetMsAt = offsetsOf(timeZone)
  const [one, other] = [shown - dayMs, shown + dayMs].map((beside) => shown - offsetMsAt(beside)) as [
    number,
    number,
  ]
  const near: [number, number] = [Math.min(one, other), Math.max(one, other)]
  const exact = [...new Set(near)].filter((at) => at + offsetMsAt(at) === shown)
  return { exact, near, offsetMsAt }
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
