import { z } from 'zod'
import { chooseMinute, minuteOfClock } from './minute-of-clock.ts'
import { isTimeZone } from './time-zone.ts'

const unknownZone =
  'This server does not know the time zone of your browser. Choose one on your Account page.'
const chooseDay = 'Choose a day, such as 2027-03-31.'
const empty = z.literal('').transform(() => undefined)

/** The time zone in which what a form sends was shown: an IANA name. */
export const zoneField = z.string(unknownZone).refine(isTimeZone, unknownZone)

/** A day of the calendar, as in 2027-03-31; undefined where none was chosen. */
export const dayField = z.union([empty, z.iso.date(chooseDay)], chooseDay).optional()

/** A minute of the clock; undefined where none was chosen. */
export const minuteField = z.union([empty, minuteOfClock], chooseMinute).optional()
