import { z } from 'zod'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { outOfDate } from '../text/row-id.ts'
import { minuteField, onlyMeant, zoneField } from '../time/form-fields.ts'
import { chooseMinute, momentOfMinute } from '../time/minute-of-clock.ts'
import { fallbackTimeZone } from '../time/time-zone.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { needsWords, noteField, saysWhy, withoutNoteUnlessOther } from '../tokens/model/reason-note.ts'
import { chosenTokens, momentSchema } from '../tokens/model/schemas.ts'

export { pauseReasons }
export type PauseEnd = (typeof pauseEnds)[number]
export type PauseReason = (typeof pauseReasons)[number]

/** How long a pause lasts, in ms from its beginning, where no time of one's own is chosen. */
export const pauseLengths = { 'an-hour': hourMs, 'a-day': dayMs, 'a-week': 7 * dayMs } as const
export type PauseLength = keyof typeof pauseLengths
const lengths = Object.keys(pauseLengths) as [PauseLength, ...PauseLength[]]
/** What a form chooses of: a length, or a time of one's own. */
export const pauseUntils = [...lengths, 'own'] as const
export type ChosenUntil = (typeof pauseUntils)[number]

/** How long, or until when. */
export type PauseUntil = { lengthMs: number } | { at: Date }

/** Of every form that pauses. */
export const pauseFields = {
  until: z.enum(pauseUntils, 'Choose until when.'),
  /** A minute of the clock in the time zone that is sent with it. */
  untilAt: minuteField,
  endsAs: z.enum(pauseEnds, 'Choose what becomes of it then.'),
  /** A reason may be left out: none may hold up a pause. */
  reason: z.enum(pauseReasons, outOfDate).nullable().default(null),
}

type Sent = { until: ChosenUntil; untilAt?: string | undefined; timeZone: string }

export const saysUntil = ({ until, untilAt }: Pick<Sent, 'until' | 'untilAt'>) =>
  until !== 'own' || untilAt !== undefined
export const needsUntil = { path: ['untilAt'], message: chooseMinute }

export const untilOf = ({ until, untilAt, timeZone }: Sent): PauseUntil =>
  until === 'own' ? { at: momentOfMinute(untilAt ?? '', timeZone) } : { lengthMs: pauseLengths[until] }

const endsAtOwnTime = (sent: { until?: unknown }) => sent.until === 'own'
const withoutOwnTime = onlyMeant({ untilAt: endsAtOwnTime, timeZone: endsAtOwnTime })

/** What the pause form sends. */
export const pauseSchema = z.preprocess(
  (sent) => withoutOwnTime(withoutNoteUnlessOther(sent)),
  z
    .object({
      tokenIds: chosenTokens,
      ...pauseFields,
      timeZone: zoneField.default(fallbackTimeZone),
      note: noteField('Everybody at the store and at the partner, also in their mails,'),
    })
    .refine(saysUntil, needsUntil)
    .refine(saysWhy, needsWords)
    .transform(({ tokenIds, endsAs, reason, note, ...sent }) => ({
      ...{ tokenIds, endsAs, reason, note: note ?? null, until: untilOf(sent) },
    })),
)
export type PauseInput = z.output<typeof pauseSchema>

/** What the resume form sends. */
export const resumeSchema = z.object({
  tokenIds: chosenTokens,
  /** When the dialog was read: pauses begun later were not seen. */
  seenAt: momentSchema.optional(),
})
