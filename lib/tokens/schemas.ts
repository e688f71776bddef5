import { z } from 'zod'
import type { reasons } from '#db/schema/revocations.ts'
import { partnerIdSchema } from '../partners/schemas.ts'
import { rowIdSchema } from '../row-id.ts'
import { endOfDay, isTimeZone } from './end-of-day.ts'
import type { Retirement } from './retirement.ts'

/** A dialog names each token, so that a choice is as long as a person can read. */
export const maxChosenTokens = 100
const maxNoteLength = 500

/** Every reason on record; those that a person chooses are {@link revocationReasons}. */
export type Reason = (typeof reasons)[number]

export const revocationReasons = [
  'no-longer-working-together',
  'exposed',
  'another-expiry-date',
  'other',
] as const satisfies Reason[]
export type RevocationReason = (typeof revocationReasons)[number]

/** A moment that PostgreSQL can read: it knows no year 0. */
export const momentSchema = z.iso
  .datetime()
  .refine((text) => text >= '0001')
  .transform((text) => new Date(text))

const chosenTokens = z
  .array(rowIdSchema)
  .min(1, 'Choose at least one token.')
  .max(maxChosenTokens, `Choose ${maxChosenTokens} tokens at most at a time.`)
  .transform((ids) => [...new Set(ids)])

/** What the revoke form sends. `other` wants words; for the other reasons they are left out. */
export const revocationSchema = z
  .object({
    tokenIds: chosenTokens,
    reason: z.enum(revocationReasons, 'Choose a reason.'),
    note: z
      .string()
      .transform((note) => note.toWellFormed().replaceAll('\0', '').trim())
      .pipe(z.string().max(maxNoteLength, `Use ${maxNoteLength} characters at most.`))
      .transform((note) => note || undefined)
      .optional(),
    /** `with-siblings`: every other live token of the same partners for the same stores as well. */
    extent: z.enum(['chosen', 'with-siblings']).default('chosen'),
    /** Of the review: siblings made later were not named, and stay alive. */
    siblingsUntil: momentSchema.optional(),
  })
  .refine((input) => input.reason !== 'other' || input.note, {
    path: ['note'],
    message: 'Say in a few words why.',
  })
  .transform((input) => (input.reason === 'other' ? input : { ...input, note: undefined }))

export type Revocation = z.output<typeof revocationSchema>

const day = z.iso.date('Choose a day, such as 2027-03-31.')
const noDay = z.literal('').transform(() => undefined)

/** A chosen expiry. Its day ends in the time zone in which it was shown. */
const expiryFields = {
  /** Empty: one year from now. */
  until: z.union([noDay, day], 'Choose a day, such as 2027-03-31.').optional(),
  timeZone: z.string().max(60).refine(isTimeZone, 'This time zone is not known here.'),
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

/** What names one token, such as the button that retires it. */
export const oneTokenSchema = z.object({ tokenId: rowIdSchema })
