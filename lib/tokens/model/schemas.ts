import { z } from 'zod'
import type { reasons } from '#db/schema/revocations.ts'
import { partnerIdSchema } from '../../access/partner-id.ts'
import { typedLines } from '../../text/cleaned-text.ts'
import { outOfDate, rowIdSchema } from '../../text/row-id.ts'
import { isTimeZone } from '../../time/time-zone.ts'
import { maxChosenTokens, maxListedSiblings, maxNoteLength } from '../limits.ts'
import { endOfDay } from './end-of-day.ts'
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

/** What the revoke form sends. A reason may be left out: none may hold up a revocation. `other` wants words; for the other reasons they are not read: no text may hold up a revocation. */
export const revocationSchema = z.preprocess(
  withoutNoteUnlessOther,
  z
    .object({
      tokenIds: chosenTokens,
      /** Ticked in the dialog: other live tokens of the same partners for the same stores, named one by one. */
      siblingIds: z.array(rowIdSchema, outOfDate).max(maxListedSiblings, outOfDate).default([]),
      reason: z.enum(revocationReasons, outOfDate).nullable().default(null),
      note: typedLines({
        missing: null,
        maxLength: maxNoteLength,
        readers: 'Everybody at the store and at the partner, also in their mails,',
      })
        .transform((note) => note || undefined)
        .optional(),
      /** `with-siblings`: every other live token of the same partners for the same stores as well. */
      extent: z.enum(['chosen', 'with-siblings'], outOfDate).default('chosen'),
      /** Of the review: siblings made later were not named, and stay alive. */
      siblingsUntil: momentSchema.optional(),
    })
    .refine((input) => input.reason !== 'other' || input.note, {
      path: ['note'],
      message: 'Say in a few words why.',
    })
    .transform(({ tokenIds, siblingIds, ...rest }) => ({
      ...rest,
      tokenIds: [...new Set([...tokenIds, ...siblingIds])],
    })),
)

export function withoutNoteUnlessOther(input: unknown): unknown {
  return typeof input === 'object' && input !== null && !('reason' in input && input.reason === 'other')
    ? { ...input, note: undefined }
    : input
}

export type Revocation = z.output<typeof revocationSchema>

const unknownZone =
  'This server does not know the time zone of your browser. Choose one on your Account page.'
const day = z.iso.date('Choose a day, such as 2027-03-31.')
const noDay = z.literal('').transform(() => undefined)

/** A chosen expiry. Its day ends in the time zone in which it was shown. */
const expiryFields = {
  /** Empty: one year from now. */
  until: z.union([noDay, day], 'Choose a day, such as 2027-03-31.').optional(),
  timeZone: z.string(unknownZone).refine(isTimeZone, unknownZone),
}
const expiryOf = ({ until, timeZone }: { until?: string | undefined; timeZone: string }) =>
  until === undefined ? undefined : endOfDay(until, timeZone)

/** What the form that issues a new token sends. */
export const issueSchema = z
  .object({ partnerId: partnerIdSchema, ...expiryFields })
  .transform(({ partnerId, ...expiry }) => ({ partnerId, expiresAt: expiryOf(expiry) }))

/** What the renew form sends. All its days end in its time zone. */
export const renewalSchema = z
  .object({
    tokenIds: chosenTokens,
    ...expiryFields,
    retire: z.enum(['never', 'adopted', 'on-date'], 'Choose what becomes of the old token.').default('never'),
    retireOn: z.union([noDay, day], 'Choose a day, such as 2027-03-31.').optional(),
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
  }))

/** What names one token, such as the button that keeps it. */
export const oneTokenSchema = z.object({ tokenId: rowIdSchema })

/** What the dialog sends that retires a token. */
export const retirementSchema = z.object({
  tokenId: rowIdSchema,
  reason: z.enum(retirementReasons, outOfDate).default('replaced'),
})
