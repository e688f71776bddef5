import { z } from 'zod'
import { apis } from '#db/schema/partner-access.ts'
import { partnerIdSchema } from '../access/partner-id.ts'
import { outOfDate } from '../text/row-id.ts'
import type { Api } from '../tokens/model/policy.ts'

/** What the ticks of a form mean: each API once, in the one order. */
export const apisSchema = z
  .array(z.enum(apis, outOfDate), outOfDate)
  .min(1, 'Tick at least one API.')
  .transform((ticked) => inOrder(ticked))

/** The APIs, each once, in the order in which they are always written. */
export function inOrder(ticked: readonly Api[]): Api[] {
  return apis.filter((api) => ticked.includes(api))
}

/** Any text: what is no Partner ID has an answer of its own. */
export const lookUpSchema = z.object({ typed: z.string(outOfDate).max(100, outOfDate) })

export const additionSchema = z.object({ partnerId: partnerIdSchema, apis: apisSchema })

export const changeSchema = z.object({
  partnerId: partnerIdSchema,
  apis: apisSchema,
  /** What was ticked when the form was made. */
  before: z.array(z.enum(apis, outOfDate), outOfDate).transform((ticked) => inOrder(ticked)),
})

export const removalSchema = z.object({ partnerId: partnerIdSchema })
