import type { CutOffExtent } from '#db/queries/tokens/cut-offs.ts'
import type { Party } from '../access/party.ts'

export type { CutOffExtent }

/** All of the party, or of the pair with the other side's `otherId`. */
export function extentOf(party: Party, otherId?: string | undefined): CutOffExtent {
  return party.side === 'merchant'
    ? { storeId: party.storeId, partnerId: otherId ?? '' }
    : { storeId: otherId ?? '', partnerId: party.partnerId }
}
