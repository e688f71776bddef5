import { dayMs } from '#lib/time/units.ts'

/** The day of the calendar that a moment lies in, as a date input has it: `2026-11-23`. */
export function dayIn(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at)
  const of = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}`
}

/** The last day that is over by a moment: its end is not later. */
export function lastDayUntil(timeZone: string, at: Date): string {
  return dayIn(
    'UTC',
    new Date(Date.parse(`${dayIn(timeZone, new Date(at.getTime() + 1))}T00:00:00Z`) - dayMs),
  )
}
