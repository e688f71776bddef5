import { z } from 'zod'
import { needsUntil, pauseFields, saysUntil, untilOf } from '../pauses/schemas.ts'
import { tokenRefusal } from '../text/cleaned-text.ts'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'
import { holdsToken } from '../text/token-in-text.ts'
import { dayField, isTyped, minuteField, onlyMeant, zoneField } from '../time/form-fields.ts'
import { chooseMinute, momentOfMinute } from '../time/minute-of-clock.ts'
import { fallbackTimeZone } from '../time/time-zone.ts'
import { endOfDay } from '../tokens/model/end-of-day.ts'
import { needsWords, noteField, saysWhy, withoutNoteUnlessOther } from '../tokens/model/reason-note.ts'
import type { Retirement } from '../tokens/model/retirement.ts'
import { revocationReasons } from '../tokens/model/schemas.ts'

/**
 * What the list sends: its own parameters; or the plan whose stores and partners are meant with all their tokens; or the one of which what it
 * paused is meant.
 */
export const freezeSchema = z.union([
  z.object({
    chosen: z
      .string(outOfDate)
      .max(4000, outOfDate)
      // It stays with the plan, and all members read it. The list searches for the hash of a token.
      .refine((chosen) => !holdsToken(chosen), tokenRefusal('Everybody who works here')),
  }),
  z.object({ aroundPlanId: rowIdSchema }),
  z.object({ pausedByPlanId: rowIdSchema }),
])
export type FreezeInput = z.output<typeof freezeSchema>

const hashSchema = z.string(outOfDate).regex(/^[0-9a-f]{64}$/, outOfDate)

/** When: at once, or at a chosen minute of the clock in the time zone that is sent with it. */
const whenFields = {
  planId: rowIdSchema,
  /** Of the kind and the ids, as the page had it. */
  hash: hashSchema,
  when: z.enum(['now', 'later'], 'Choose when.').default('now'),
  runAt: minuteField,
  timeZone: zoneField.default(fallbackTimeZone),
}

const needsMoment = { path: ['runAt'], message: chooseMinute }
const saysWhen = ({ when, runAt }: { when: 'now' | 'later'; runAt?: string | undefined }) =>
  when === 'now' || runAt !== undefined

type When = { when: 'now' | 'later'; runAt?: string | undefined; timeZone: string }

const momentOf = ({ when, runAt, timeZone }: When): Date | null =>
  when === 'now' || runAt === undefined ? null : momentOfMinute(runAt, timeZone)

const readers = 'Everybody at the stores and partners concerned, also in their mails,'

const revokeSchema = z
  .object({
    kind: z.literal('revoke'),
    ...whenFields,
    reason: z.enum(revocationReasons, outOfDate).nullable().default(null),
    note: noteField(readers),
  })
  .refine(saysWhy, needsWords)
  .refine(saysWhen, needsMoment)
  .transform(({ kind, planId, hash, reason, note, ...when }) => ({
    ...{ kind, planId, hash, reason, note: note ?? null, runAt: momentOf(when) },
  }))

const renewSchema = z
  .object({
    kind: z.literal('renew'),
    ...whenFields,
    until: dayField,
    retire: z
      .enum(['never', 'adopted', 'on-date'], 'Choose what becomes of the old tokens.')
      .default('never'),
    retireOn: dayField,
  })
  .refine(({ retire, retireOn }) => retire !== 'on-date' || retireOn !== undefined, {
    path: ['retireOn'],
    message: 'Choose the day on which the old tokens are to be revoked.',
  })
  .refine(saysWhen, needsMoment)
  .transform(({ kind, planId, hash, until, retire, retireOn, timeZone, ...when }) => ({
    ...{ kind, planId, hash, runAt: momentOf({ ...when, timeZone }) },
    expiresAt: until === undefined ? null : endOfDay(until, timeZone),
    retirement: (retire === 'on-date' && retireOn !== undefined
      ? { when: retire, retireAt: endOfDay(retireOn, timeZone) }
      : { when: retire === 'adopted' ? retire : 'never' }) satisfies Retirement as Retirement,
  }))

type Sent = Record<string, unknown>
const isLater = ({ when }: Sent) => when === 'later'
const isOnDate = ({ retire }: Sent) => retire === 'on-date'
const isUntilOwnTime = ({ kind, until }: Sent) => kind === 'pause' && until === 'own'
const isUntilDay = ({ kind, until }: Sent) => kind === 'renew' && isTyped(until)
const withoutUnmeantTimes = onlyMeant({
  runAt: isLater,
  retireOn: isOnDate,
  untilAt: isUntilOwnTime,
  timeZone: (sent) => isLater(sent) || isOnDate(sent) || isUntilDay(sent) || isUntilOwnTime(sent),
})

const pauseSchema = z
  .object({
    kind: z.literal('pause'),
    ...whenFields,
    ...pauseFields,
    note: noteField(readers),
  })
  .refine(saysUntil, needsUntil)
  .refine(saysWhy, needsWords)
  .refine(saysWhen, needsMoment)
  .transform(({ kind, planId, hash, endsAs, reason, note, until, untilAt, timeZone, ...when }) => ({
    ...{ kind, planId, hash, endsAs, reason, note: note ?? null },
    ...{ runAt: momentOf({ ...when, timeZone }), until: untilOf({ until, untilAt, timeZone }) },
  }))

const resumeSchema = z
  .object({ kind: z.literal('resume'), ...whenFields })
  .refine(saysWhen, needsMoment)
  .transform(({ kind, planId, hash, ...when }) => ({ kind, planId, hash, runAt: momentOf(when) }))

/** What confirms a plan. The kind says which fields are meant: what is wrong is said at them. */
export const confirmSchema = z.preprocess(
  (sent) => withoutUnmeantTimes(withoutNoteUnlessOther(sent)),
  z.discriminatedUnion('kind', [revokeSchema, renewSchema, pauseSchema, resumeSchema], outOfDate),
)
export type ConfirmInput = z.output<typeof confirmSchema>

/** The buttons of one plan: `cancel` before it begins, `stop` while it is under way. */
export const changePlanSchema = z.object({
  planId: rowIdSchema,
  verb: z.enum(['cancel', 'stop'], outOfDate),
})
