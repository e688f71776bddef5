import type { PartyScope } from '#db/queries/party-scope.ts'
import type { Side } from './actor.ts'

export type { PartyScope }
/** A store or a partner: what people are members of. */
export type Party = { storeId: string } | { partnerId: string }

/** Of a row that names one of the two, as the columns of a record. */
export function partyOf(row: { storeId?: string | null; partnerId?: string | null }): Party {
  if (row.storeId) return { storeId: row.storeId }
  if (row.partnerId) return { partnerId: row.partnerId }
  throw new Error('neither a store nor a partner')
}

export function scopeOfParty(party: Party): PartyScope {
  return 'storeId' in party
    ? { by: 'store', storeId: party.storeId }
    : { by: 'partner', partnerId: party.partnerId }
}

export function sideOf(party: Party): Side {
  return 'storeId' in party ? 'merchant' : 'partner'
}
