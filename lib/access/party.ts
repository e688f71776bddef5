import type { Party } from '#db/queries/party.ts'

/** A store or a partner: what people are members of, and whose rows they see. The queries demand one, so it stands there. */
export type { Party }

/** Of a row that names one of the two, as the columns of a record. */
export function partyOf(row: { storeId: string | null; partnerId: string | null }): Party {
  if (row.storeId) return { side: 'merchant', storeId: row.storeId }
  if (row.partnerId) return { side: 'partner', partnerId: row.partnerId }
  throw new Error('neither a store nor a partner')
}

export type PartyColumns = { storeId: string } | { partnerId: string }

/** As the columns of a record name it, and nothing else of whoever works for it. */
export function columnsOf(party: Party): PartyColumns {
  return party.side === 'merchant' ? { storeId: party.storeId } : { partnerId: party.partnerId }
}

/** A store may be spelled as somebody's Partner ID: only with the side is it unique. */
export function idOf(party: Party): string {
  return party.side === 'merchant' ? party.storeId : party.partnerId
}
