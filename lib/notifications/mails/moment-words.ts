import { fallbackTimeZone, usableTimeZone } from '../../time/time-zone.ts'

/** For whom a mail is written. `timeZone` null: of whom none is known. */
export type MailReader = { language: string; timeZone: string | null }

/** Somebody of whom nothing is known, such as who is invited. */
export const unknownReader: MailReader = { language: 'en-GB', timeZone: fallbackTimeZone }

/** A moment as mails write it: the day, the time and the zone, which is UTC where the reader's is not known. */
export function momentWords(at: Date, { language, timeZone }: MailReader): string {
  const format = new Intl.DateTimeFormat(language, {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ timeZoneName: 'short', timeZone: usableTimeZone(timeZone) },
  })
  return format.format(at)
}
