import { z } from 'zod'
import type { reasons } from '#db/schema/revocations.ts'
import { partnerIdSchema } from '../../access/partner-id.ts'
import { outOfDate, rowIdSchema } from '../../text/row-id.ts'
import { dayField, isTyped, onlyMeant, zoneField } from '../../time/form-fields.ts'
import { maxChosenTokens, maxListedSiblings } from '../limits.ts'
import { endOfDay } from './end-of-day.ts'
import { needsWords, noteField, saysWhy, withoutNoteUnlessOther } from './reason-note.ts'
import type { Retirement } from './retirement.ts'

/** Every reason on record; those that a person chooses are {@link revocationReasons}. */
export type Reason = (typeof reasons)[number]

export const revocationReasons = [
  'no-longer-working-together',
  'exposed',
  'another-expiry-date',
  'other',
] as const satisfies Reason[]
export type RevocationReason = (typeof revocationReasons)[number]

/** Why a person ends a token that its successor has replaced. */
export const retirementReasons = ['replaced', 'exposed'] as const satisfies Reason[]
export type RetirementReason = (typeof retirementReasons)[number]

/** A moment that PostgreSQL can read: it knows no year 0. */
export const momentSchema = z.iso
  .datetime(outOfDate)
  .refine((text) => text >= '0001', outOfDate)
  .transform((text) => new Date(text))

export const chosenTokens = z
  .array(rowIdSchema, 'Choose at least one token.')
  .min(1, 'Choose at least one token.')
  .max(maxChosenTokens, `Choose ${maxChosenTokens} tokens at most at a time.`)
  .transform((ids) => [...new Set(ids)])

/** What the revoke form sends. A reason may be left out: none may hold up a revocation. */
export const revocationSchema = z.preprocess(
  withoutNoteUnlessOther,
  z
    .object({
      tokenIds: chosenTokens,
      /** Ticked in the dialog: other live tokens of the same partners for the same stores, named one by one. */
      siblingIds: z.array(rowIdSchema, outOfDate).max(maxListedSiblings, outOfDate).default([]),
      reason: z.enum(revocationReasons, outOfDate).nullable().default(null),
      note: noteField('Everybody at the store and at the partner, also in their mails,'),
      /** `with-siblings`: every other live token of the same partners for the same stores as well. */
      extent: z.enum(['chosen', 'with-siblings'], outOfDate).default('chosen'),
      /** Of the review: siblings made later were not named, and stay alive. */
      siblingsUntil: momentSchema.optional(),
    })
    .refine(saysWhy, needsWords)
    .transform(({ tokenIds, siblingIds, ...rest }) => ({
      ...rest,
      tokenIds: [...new Set([...tokenIds, ...siblingIds])],
    })),
)

export type Revocation = z.output<typeof revocationSchema>

/** A chosen expiry. Its day ends in the time zone in which it was shown. */
const expiryFields = {
  /** Empty: one year from now. */
  until: dayField,
  timeZone: zoneField,
}
const expiryOf = ({ until, timeZone }: { until?: string | undefined; timeZone: string }) =>
  until === undefined ? undefined : endOfDay(until, timeZone)

/** What the form that issues a new token sends. */
export const issueSchema = z.preprocess(
  onlyMeant({ timeZone: ({ until }) => isTyped(until) }),
  z
    .object({ partnerId: partnerIdSchema, ...expiryFields })
    .transform(({ partnerId, ...expiry }) => ({ partnerId, expiresAt: expiryOf(expiry) })),
)

const isOnDate = ({ retire }: Record<string, unknown>) => retire === 'on-date'

/** What the renew form sends. All its days end in its time zone. */
export const renewalSchema = z.preprocess(
  onlyMeant({ retireOn: isOnDate, timeZone: (sent) => isTyped(sent.until) || isOnDate(sent) }),
  z
    .object({
      tokenIds: chosenTokens,
      ...expiryFields,
      retire: z
        .enum(['never', 'adopted', 'on-date'], 'Choose what becomes of the old token.')
        .default('never'),
      retireOn: dayField,
    })
    .refine(({ retire, retireOn }) => retire !== 'on-date' || retireOn !== undefined, {
      path: ['retireOn'],
      message: 'Choose the day on which the old token is to be revoked.',
    })
    .transform(({ tokenIds, until, timeZone, retire, retireOn }) => ({
      tokenIds,
      expiresAt: expiryOf({ until, timeZone }),
      retirement: (retire === 'on-date' && retireOn !== undefined
        ? { when: retire, retireAt: endOfDay(retireOn, timeZone) }
        : { when: retire === 'adopted' ? retire : 'never' }) satisfies Retirement as Retirement,
    })),
)

/** What names one token, such as the button that keeps it. */
export const oneTokenSchema = z.object({ tokenId: rowIdSchema })

/** What the dialog sends that retires a token. */
export const retirementSchema = z.object({
  tokenId: rowIdSchema,
  reason: z.enum(retirementReasons, outOfDate).default('replaced'),
})
