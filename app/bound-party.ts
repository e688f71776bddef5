import { z } from 'zod'
import type { Party } from '#lib/access/party.ts'

export const boundStoreSchema = z.strictObject({ side: z.literal('merchant'), storeId: z.string().max(100) })
export const boundPartnerSchema = z.strictObject({
  side: z.literal('partner'),
  partnerId: z.string().max(100),
})

/** A store or partner as an action is bound to it: a claim, proven at each use. */
export const boundPartySchema = z.discriminatedUnion('side', [boundStoreSchema, boundPartnerSchema])

/** Whom the actor works for, and nothing else of them: what a page binds to its actions. */
export function boundParty<Of extends Party>(actor: Of): Extract<Party, { side: Of['side'] }>
export function boundParty(actor: Party): Party {
  return actor.side === 'merchant'
    ? { side: 'merchant', storeId: actor.storeId }
    : { side: 'partner', partnerId: actor.partnerId }
}
