import { z } from 'zod'
import { apis } from '#db/schema/partner-access.ts'
import type { Api } from '../tokens/policy.ts'

export const partnerIdSchema = z.string().regex(/^ypa-[0-9]{12}$/)

/** As people type and paste it: in any case, with spaces around it. 100 characters of it are kept. */
export function typedPartnerId(typed: string): string {
  return typed.toWellFormed().replaceAll('\0', '').trim().slice(0, 100)
}

/** What the ticks of a form mean: each API once, in the one order. */
export const apisSchema = z
  .array(z.enum(apis))
  .min(1, 'Tick at least one API.')
  .transform((ticked) => inOrder(ticked))

/** The APIs, each once, in the order in which they are always written. */
export function inOrder(ticked: readonly Api[]): Api[] {
  return apis.filter((api) => ticked.includes(api))
}

export const additionSchema = z.object({ partnerId: partnerIdSchema, apis: apisSchema })

export const changeSchema = z.object({
  partnerId: partnerIdSchema,
  apis: apisSchema,
  /** What was ticked when the form was made. */
  before: z.array(z.enum(apis)).transform((ticked) => inOrder(ticked)),
})

export const removalSchema = z.object({ partnerId: partnerIdSchema })
