import { dateFormat } from './date-format.ts'

/** The day of the calendar in a time zone, as in 2026-11-29. */
export function dayIn(timeZone: string, at: Date): string {
  return dateFormat('en-CA', { timeZone }).format(at)
}

/** How many days of the calendar later the one is: -1 where it was yesterday. */
export function daysApart(at: Date, now: Date, timeZone: string): number {
  return Math.round((Date.parse(dayIn(timeZone, at)) - Date.parse(dayIn(timeZone, now))) / 86_400_000)
}
