import { z } from 'zod'
import { cutOffReasons } from '#db/schema/cut-offs.ts'
import { partnerIdSchema } from '../access/partner-id.ts'
import { typedLines } from '../text/cleaned-text.ts'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'
import { maxNoteLength } from '../tokens/limits.ts'

export { cutOffReasons }
export type CutOffReason = (typeof cutOffReasons)[number]

const fields = {
  /** Made with the form: however often the form is sent, it cuts off once. */
  cutOffId: rowIdSchema.optional(),
  /** The name of the store or partner whose tokens end, as the person typed it. */
  name: z.string('Type the name.').max(500, 'Type the name.'),
  reason: z.enum(cutOffReasons, 'Choose a reason.'),
  note: typedLines({
    missing: null,
    maxLength: maxNoteLength,
    readers: 'Everybody at the stores and partners concerned, also in their mails,',
  })
    .transform((note) => note || undefined)
    .optional(),
}
const saysWhy = ({ reason, note }: { reason: CutOffReason; note?: string | undefined }) =>
  reason !== 'other' || note !== undefined
const why = { path: ['note'], message: 'Say in a few words why.' }

/** For the other reasons a note is not read: no text may hold up a cut-off. */
function withoutNoteUnlessOther(input: unknown): unknown {
  return typeof input === 'object' && input !== null && !('reason' in input && input.reason === 'other')
    ? { ...input, note: undefined }
    : input
}

const storeIdSchema = z.string(outOfDate).regex(/^[A-Za-z0-9-]{1,50}$/, outOfDate)

/** What a member sends. `otherId`: of the store or partner on the other side; left out: all of one's own. */
export const cutOffSchema = z.preprocess(
  withoutNoteUnlessOther,
  z.object({ otherId: storeIdSchema.optional(), ...fields }).refine(saysWhy, why),
)

/** What an operator of the platform sends: all of a store, or all of a partner. */
export const operatorCutOffSchema = z.preprocess(
  withoutNoteUnlessOther,
  z.discriminatedUnion('of', [
    z.object({ of: z.literal('store'), id: storeIdSchema, ...fields }).refine(saysWhy, why),
    z.object({ of: z.literal('partner'), id: partnerIdSchema, ...fields }).refine(saysWhy, why),
  ]),
)

export type CutOffInput = z.output<typeof cutOffSchema>
export type OperatorCutOffInput = z.output<typeof operatorCutOffSchema>
