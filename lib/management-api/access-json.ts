import { z } from 'zod'
import { apis } from '#db/schema/partner-access.ts'
import type { ListedPartner } from '../partners/access-list.ts'

/** The live tokens of a pair are counted no further. */
const mostCounted = 100

export const accessSchema = z.object({
  store: z.object({ id: z.string(), name: z.string() }),
  partner: z.object({ id: z.string(), name: z.string() }),
  apis: z.array(z.enum(apis)),
  addedAt: z.iso.datetime(),
  /** 100 at most: `liveTokensMore` says whether there are more. */
  liveTokens: z.int().min(0).max(mostCounted),
  liveTokensMore: z.boolean(),
})

export const accessListSchema = z.object({
  access: z.array(accessSchema),
  /** Of the next page, for `after`; null: this is the last one. */
  next: z.string().nullable(),
})

export function accessJson(row: ListedPartner): z.input<typeof accessSchema> {
  return {
    store: { id: row.storeId, name: row.storeName },
    partner: { id: row.partnerId, name: row.partnerName },
    ...{ apis: row.apis, addedAt: row.addedAt.toISOString() },
    liveTokens: Math.min(row.liveTokens, mostCounted),
    liveTokensMore: row.liveTokens > mostCounted,
  }
}
