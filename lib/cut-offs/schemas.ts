import { z } from 'zod'
import { cutOffReasons } from '#db/schema/cut-offs.ts'
import { partnerIdSchema } from '../access/partner-id.ts'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'
import { needsWords, noteField, saysWhy, withoutNoteUnlessOther } from '../tokens/model/reason-note.ts'

export { cutOffReasons }
export type CutOffReason = (typeof cutOffReasons)[number]

const fields = {
  /** Made with the form: however often the form is sent, it cuts off once. */
  cutOffId: rowIdSchema.optional(),
  /** The name of the store or partner whose tokens end, as the person typed it. */
  name: z.string('Type the name.').max(500, 'Type the name.'),
  reason: z.enum(cutOffReasons, 'Choose a reason.'),
  note: noteField('Everybody at the stores and partners concerned, also in their mails,'),
}

const storeIdSchema = z.string(outOfDate).regex(/^[A-Za-z0-9-]{1,50}$/, outOfDate)

/** What a member sends. `otherId`: of the store or partner on the other side; left out: all of one's own. */
export const cutOffSchema = z.preprocess(
  withoutNoteUnlessOther,
  z.object({ otherId: storeIdSchema.optional(), ...fields }).refine(saysWhy, needsWords),
)

/** What an operator of the platform sends: all of a store, or all of a partner. */
export const operatorCutOffSchema = z.preprocess(
  withoutNoteUnlessOther,
  z.discriminatedUnion('of', [
    z.object({ of: z.literal('store'), id: storeIdSchema, ...fields }).refine(saysWhy, needsWords),
    z.object({ of: z.literal('partner'), id: partnerIdSchema, ...fields }).refine(saysWhy, needsWords),
  ]),
)

export type CutOffInput = z.output<typeof cutOffSchema>
export type OperatorCutOffInput = z.output<typeof operatorCutOffSchema>
