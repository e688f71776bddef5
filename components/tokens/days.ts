import { dayMs } from '#lib/time/units.ts'
import { dayIn } from '../ui/days-apart.ts'

/** The last day that is over by a moment: its end is not later. */
export function lastDayUntil(timeZone: string, at: Date): string {
  return dayIn(
    'UTC',
    new Date(Date.parse(`${dayIn(timeZone, new Date(at.getTime() + 1))}T00:00:00Z`) - dayMs),
  )
}
