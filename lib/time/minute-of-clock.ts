import { z } from 'zod'
import { momentsOf } from './zone-offsets.ts'

/** What forms say of a minute that is none. */
export const chooseMinute = 'Choose a day and a time.'

/** A minute of the calendar as browsers send `datetime-local`, with seconds or without: `2027-03-31T09:30`. */
export const minuteOfClock = z.iso
  .datetime({ local: true, offset: false, error: chooseMinute })
  .refine((minute) => !minute.endsWith('Z'), chooseMinute)

/**
 * When clocks of a time zone show the minute. Of a minute that they show twice the later one; of one that they skip, as much later as they
 * jump.
 * @param minute as {@link minuteOfClock} has it.
 * @param timeZone an IANA name that `isTimeZone`.
 */
export function momentOfMinute(minute: string, timeZone: string): Date {
  const [date = '', time = ''] = minute.split('T')
  const { exact, near } = momentsOf(Date.parse(`${date}T${time.slice(0, 5)}:00.000Z`), timeZone)
  return new Date(exact.at(-1) ?? near[1])
}
