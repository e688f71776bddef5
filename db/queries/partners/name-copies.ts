import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { nameCopies } from '../../schema/name-copies.ts'
import { partnerAccess } from '../../schema/partner-access.ts'

export type NameCopy = {
  side: 'store' | 'partner'
  partyId: string
  afterId: string
  hasSkipped: boolean
}

/** One renamed party that no other worker is at, locked until the transaction ends: a further renaming waits that long. */
export async function lockNameCopy(tx: Queryable): Promise<NameCopy | undefined> {
  const [copy] = await tx.select().from(nameCopies).limit(1).for('update', { skipLocked: true })
  return copy
}

/**
 * Copies the name to the next `limit` rows of the party, except to those that somebody holds.
 * @returns the last row that was looked at, undefined where there are no more, and whether one was held.
 */
export async function copyNameOnward(tx: Queryable, { side, partyId, afterId }: NameCopy, limit: number) {
  const at = columnsOf[side]
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

export async function keepPlace(tx: Queryable, { side, partyId, afterId, hasSkipped }: NameCopy) {
  await tx.update(nameCopies).set({ afterId, hasSkipped }).where(isOf(side, partyId))
}

export async function deleteNameCopy(tx: Queryable, { side, partyId }: NameCopy) {
  await tx.delete(nameCopies).where(isOf(side, partyId))
}

const isOf = (side: NameCopy['side'], partyId: string) =>
  sql`${nameCopies.side} = ${side} and ${nameCopies.partyId} = ${partyId}`

const columnsOf = {
  store: {
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
