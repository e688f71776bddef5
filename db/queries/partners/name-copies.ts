import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { nameCopies } from '../../schema/name-copies.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import type { Party } from '../party.ts'

export type NameCopy = { party: Party; afterId: string; hasSkipped: boolean }

/** One renamed party that no other worker is at, locked until the transaction ends: a further renaming waits that long. */
export async function lockNameCopy(tx: Queryable): Promise<NameCopy | undefined> {
  const [row] = await tx.select().from(nameCopies).limit(1).for('update', { skipLocked: true })
  return row && { ...row, party: partyOfRow(row) }
}

/**
 * Copies the name to the next `limit` rows of the party, except to those that somebody holds.
 * @returns the last row that was looked at, undefined where there are no more, and whether one was held.
 */
export async function copyNameOnward(tx: Queryable, { party, afterId }: NameCopy, limit: number) {
  const at = columnsOf[party.side]
  const { partyId } = rowOf(party)
  const { rows } = await tx.execute<{ last_id: string | null; has_skipped: boolean }>(sql`
    with page as (
      select ${at.otherId} as other_id, ${at.copy} as copy from ${partnerAccess}
      where ${at.id} = ${partyId} and ${at.otherId} > ${afterId} order by ${at.otherId} limit ${limit}
    ), outdated as (
      select page.other_id, party.name from page, ${at.parties} party
      where party.id = ${partyId} and page.copy <> party.name
    ), free as (
      select outdated.other_id, outdated.name from ${partnerAccess} join outdated on ${at.otherId} = outdated.other_id
      where ${at.id} = ${partyId} for no key update of ${partnerAccess} skip locked
    ), copied as (
      update ${partnerAccess} set ${at.copyColumn} = free.name from free
      where ${at.id} = ${partyId} and ${at.otherId} = free.other_id returning 1
    )
    select (select max(other_id) from page) as last_id,
      (select count(*) from outdated) > (select count(*) from copied) as has_skipped`)
  return { lastId: rows[0]?.last_id ?? undefined, hasSkipped: rows[0]?.has_skipped ?? false }
}

export async function keepPlace(tx: Queryable, { party, afterId, hasSkipped }: NameCopy) {
  await tx.update(nameCopies).set({ afterId, hasSkipped }).where(isOf(party))
}

export async function deleteNameCopy(tx: Queryable, { party }: Pick<NameCopy, 'party'>) {
  await tx.delete(nameCopies).where(isOf(party))
}

type PartyOfRow = Pick<typeof nameCopies.$inferSelect, 'side' | 'partyId'>

const partyOfRow = ({ side, partyId }: PartyOfRow): Party =>
  side === 'store' ? { side: 'merchant', storeId: partyId } : { side: 'partner', partnerId: partyId }

const rowOf = (party: Party): PartyOfRow =>
  party.side === 'merchant'
    ? { side: 'store', partyId: party.storeId }
    : { side: 'partner', partyId: party.partnerId }

function isOf(party: Party) {
  const { side, partyId } = rowOf(party)
  return sql`${nameCopies.side} = ${side} and ${nameCopies.partyId} = ${partyId}`
}

const columnsOf = {
  merchant: {
    id: partnerAccess.storeId,
    otherId: partnerAccess.partnerId,
    copy: partnerAccess.storeName,
    copyColumn: sql.identifier('store_name'),
    parties: sql.identifier('stores'),
  },
  partner: {
    id: partnerAccess.partnerId,
    otherId: partnerAccess.storeId,
    copy: partnerAccess.partnerName,
    copyColumn: sql.identifier('partner_name'),
    parties: sql.identifier('partners'),
  },
}
