import { z } from 'zod'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { typedLines } from '../text/cleaned-text.ts'
import { outOfDate } from '../text/row-id.ts'
import { chooseMinute, minuteField, momentOfMinute } from '../time/minute-of-clock.ts'
import { isTimeZone } from '../time/time-zone.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { maxNoteLength } from '../tokens/limits.ts'
import { chosenTokens, withoutNoteUnlessOther } from '../tokens/model/schemas.ts'

export { pauseReasons }
export type PauseEnd = (typeof pauseEnds)[number]
export type PauseReason = (typeof pauseReasons)[number]

/** How long a pause lasts, in ms from its beginning, where no time of one's own is chosen. */
export const pauseLengths = { 'an-hour': hourMs, 'a-day': dayMs, 'a-week': 7 * dayMs } as const
export type PauseLength = keyof typeof pauseLengths
const lengths = Object.keys(pauseLengths) as [PauseLength, ...PauseLength[]]

/** How long, or until when. */
export type PauseUntil = { lengthMs: number } | { at: Date }

const unknownZone =
  'This server does not know the time zone of your browser. Choose one on your Account page.'

/** Of every form that pauses. */
export const pauseFields = {
  until: z.enum([...lengths, 'own'], 'Choose until when.'),
  /** A minute of the clock in the time zone that is sent with it. */
  untilAt: minuteField,
  timeZone: z.string(unknownZone).refine(isTimeZone, unknownZone).default('UTC'),
  endsAs: z.enum(pauseEnds, 'Choose what becomes of it then.'),
  /** A reason may be left out: none may hold up a pause. */
  reason: z.enum(pauseReasons, outOfDate).nullable().default(null),
  note: typedLines({
    missing: null,
    maxLength: maxNoteLength,
    readers: 'Everybody at the store and at the partner, also in their mails,',
  })
    .transform((note) => note || undefined)
    .optional(),
}

type Sent = { until: PauseLength | 'own'; untilAt?: string | undefined; timeZone: string }

export const saysUntil = ({ until, untilAt }: Pick<Sent, 'until' | 'untilAt'>) =>
  until !== 'own' || untilAt !== undefined
export const needsUntil = { path: ['untilAt'], message: chooseMinute }

export const untilOf = ({ until, untilAt, timeZone }: Sent): PauseUntil =>
  until === 'own' ? { at: momentOfMinute(untilAt ?? '', timeZone) } : { lengthMs: pauseLengths[until] }

/** What the pause form sends. Words are read for the reason `other` only, which wants some. */
export const pauseSchema = z.preprocess(
  withoutNoteUnlessOther,
  z
    .object({ tokenIds: chosenTokens, ...pauseFields })
    .refine(saysUntil, needsUntil)
    .refine(({ reason, note }) => reason !== 'other' || note !== undefined, {
      path: ['note'],
      message: 'Say in a few words why.',
    })
    .transform(({ tokenIds, endsAs, reason, note, ...sent }) => ({
      ...{ tokenIds, endsAs, reason, note: note ?? null, until: untilOf(sent) },
    })),
)
export type PauseInput = z.output<typeof pauseSchema>

/** What the resume form sends. */
export const resumeSchema = z.object({ tokenIds: chosenTokens })
