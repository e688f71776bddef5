import { z } from 'zod'
import type { reasons } from '#db/schema/revocations.ts'

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

/** In the spelling that the database gives it. */
export const tokenIdSchema = z.uuid().toLowerCase()

/** A moment that PostgreSQL can read: it knows no year 0. */
export const momentSchema = z.iso
  .datetime()
  .refine((text) => text >= '0001')
  .transform((text) => new Date(text))

/** What the revoke form sends. `other` wants words; for the other reasons they are left out. */
export const revocationSchema = z
  .object({
    tokenIds: z
      .array(tokenIdSchema)
      .min(1, 'Choose at least one token.')
      .max(maxChosenTokens, `Choose ${maxChosenTokens} tokens at most at a time.`)
      .transform((ids) => [...new Set(ids)]),
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
