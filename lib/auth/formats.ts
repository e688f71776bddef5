import { z } from 'zod'
import { languages } from '#db/schema/users.ts'

export type Language = (typeof languages)[number]
/** How dates are written for a person. `timeZone`: IANA; null: that of the browser. */
export type Formats = { language: Language; timeZone: string | null }

/** What a person can choose: all zones that this server knows, by name. */
export const timeZones: readonly string[] = [
  ...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]),
].sort()

/** What the form sends; an empty time zone is that of the browser. */
export const formatsSchema = z.object({
  language: z.enum(languages, 'Choose a language.'),
  timeZone: z
    .string('Choose a time zone of the list.')
    .transform((zone) => zone || null)
    .refine((zone) => zone === null || timeZones.includes(zone), 'Choose a time zone of the list.'),
})
