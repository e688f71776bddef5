import { z } from 'zod'
import { chooseMinute, minuteOfClock } from './minute-of-clock.ts'
import { fallbackTimeZone, isTimeZone } from './time-zone.ts'

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

type Sent = Record<string, unknown>

/**
 * Before a schema: leaves out what the rest of the form does not mean, so that nothing wrong in it holds the form up. A time zone that
 * this server does not know stops nothing that is written in none.
 * @param isMeant by the names of fields.
 */
export const onlyMeant =
  (isMeant: Record<string, (sent: Sent) => boolean>) =>
  (input: unknown): unknown => {
    if (typeof input !== 'object' || input === null) return input
    const sent = input as Sent
    const unmeant = Object.entries(isMeant).filter(([, isMeantIn]) => !isMeantIn(sent))
    const empty = unmeant.map(([name]) => [name, name === 'timeZone' ? fallbackTimeZone : undefined])
    return { ...sent, ...Object.fromEntries(empty) }
  }

/** Something was typed into the field. */
export const isTyped = (field: unknown) => field !== undefined && field !== null && field !== ''
