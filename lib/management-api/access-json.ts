import { z } from 'zod'
import { apis } from '#db/schema/partner-access.ts'
import type { ListedPartner } from '../partners/access-list.ts'
import { nextCursor } from './cursors.ts'
import { party } from './party-json.ts'

/** The live tokens of a pair are counted no further. */
const mostCounted = 100

export const accessSchema = z
  .object({
    store: party,
    partner: party,
    apis: z.array(z.enum(apis)),
    addedAt: z.iso.datetime(),
    liveTokens: z
      .int()
      .min(0)
      .max(mostCounted)
      .describe('100 at most: `liveTokensMore` says whether there are more.'),
    liveTokensMore: z.boolean(),
  })
  .meta({ id: 'Access', description: 'A partner that a store has added.' })

export const accessListSchema = z.object({ access: z.array(accessSchema), next: nextCursor })

export function accessJson(row: ListedPartner): z.input<typeof accessSchema> {
  return {
    store: { id: row.storeId, name: row.storeName },
    partner: { id: row.partnerId, name: row.partnerName },
    ...{ apis: row.apis, addedAt: row.addedAt.toISOString() },
    liveTokens: Math.min(row.liveTokens, mostCounted),
    liveTokensMore: row.liveTokens > mostCounted,
  }
}
