import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findAccess, listAccess } from '#db/queries/partners/access-list.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type PartnerRow,
  type StoreRow,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { findToken } from '../tokens/review/list.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { addPartner } from './add-partner.ts'
import { copyNames } from './copy-names.ts'

const { db, owner, ownerUrl } = prepareTestDatabase()
const { signal } = new AbortController()
const use = { db, address: '192.0.2.7', keys: testKeys }

let stores: StoreRow[]
let partner: PartnerRow
let merchant: MerchantActor
/** Somebody else's connection, in a transaction that is open. */
let other: Client

beforeEach(async () => {
  partner = await buildPartner(owner, { name: 'Parcel Pilot' })
  stores = await Promise.all(Array.from({ length: 7 }, () => buildStore(owner)))
  for (const store of stores) await grantAccess(owner, { store, partner })
  const user = await buildUser(owner, { name: 'Store owner' })
  const store = stores[0] as StoreRow
  await addStoreMember(owner, { store, user })
  merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
  other = new Client({ connectionString: ownerUrl })
  await other.connect()
  await other.query('begin')
})
afterEach(() => other.end())

const renamePartner = (name: string) =>
  other.query('update partners set name = $1 where id = $2', [name, partner.id])

async function copiedNames() {
  const { rows } = await owner.$client.query(
    'select distinct partner_name as name from partner_access where partner_id = $1 order by 1',
    [partner.id],
  )
  return rows.map(({ name }) => name)
}

async function openCopies() {
  const { rows } = await owner.$client.query('select party_id from name_copies where party_id = $1', [
    partner.id,
  ])
  return rows.length
}

test('while a partner or a store is being renamed, a revocation of their pair is committed', async () => {
  const pair = { storeId: merchant.storeId, partnerId: partner.id }
  const token = await buildToken(owner, pair)
  await renamePartner('Parcel Pilot II')
  await other.query(`update stores set name = 'Lamps II' where id = $1`, [merchant.storeId])
  const choice = {
    tokenIds: [token.id],
    reason: 'exposed' as const,
    note: undefined,
    extent: 'chosen' as const,
  }
  expect((await revokeTokens(merchant, choice, use)).ok).toBe(true)
  await other.query('commit')
})

test('a new name is shown at once, and found and sorted by once it is copied, in small steps', async () => {
  const token = await buildToken(owner, { storeId: merchant.storeId, partnerId: partner.id })
  await renamePartner('Anchor Parcels')
  await other.query('commit')
  const pair = { storeId: merchant.storeId, partnerId: partner.id }
  expect(await findAccess(db, pair)).toMatchObject({
    partnerName: 'Anchor Parcels',
    sortedByPartnerName: 'Parcel Pilot',
  })
  expect(await findToken(merchant, token.id, { db })).toMatchObject({ partnerName: 'Anchor Parcels' })
  expect(await copiedNames()).toEqual(['Parcel Pilot'])

  await copyNames({ db, signal, rowsAtOnce: 2 })
  expect(await copiedNames()).toEqual(['Anchor Parcels'])
  expect(await openCopies()).toBe(0)
  const found = await listAccess(db, merchant, { search: 'anchor', direction: 'asc', limit: 10 })
  expect(found.map(({ partnerId }) => partnerId)).toEqual([partner.id])
})

test('the name of a store is copied in the same way', async () => {
  const [store] = stores
  await other.query(`update stores set name = 'Lamps II' where id = $1`, [store?.id])
  await other.query('commit')
  await copyNames({ db, signal })
  const names = sql`select store_name from partner_access where store_id = ${store?.id}`
  expect((await owner.execute(names)).rows).toEqual([{ store_name: 'Lamps II' }])
})

test('a pair that somebody holds is passed over, and copied once it is free', async () => {
  await owner.$client.query(`update partners set name = 'Anchor Parcels' where id = $1`, [partner.id])
  await other.query('select from partner_access where partner_id = $1 and store_id = $2 for update', [
    partner.id,
    merchant.storeId,
  ])
  await copyNames({ db, signal, rowsAtOnce: 3 })
  expect(await copiedNames()).toEqual(['Anchor Parcels', 'Parcel Pilot'])
  await other.query('commit')
  await copyNames({ db, signal, rowsAtOnce: 3 })
  expect(await copiedNames()).toEqual(['Anchor Parcels'])
  expect(await openCopies()).toBe(0)
})

test('a renaming while another one is being copied begins from the start', async () => {
  await owner.$client.query(`update partners set name = 'First' where id = $1`, [partner.id])
  // As a worker leaves it that ends in the middle.
  await owner.$client.query(`update name_copies set after_id = 'zzz' where party_id = $1`, [partner.id])
  await renamePartner('Second')
  await other.query('commit')
  await copyNames({ db, signal })
  expect(await copiedNames()).toEqual(['Second'])
})

test('a pair that is added while its partner is being renamed has the new name', async () => {
  const added = await buildPartner(owner, { name: 'Before' })
  await other.query(`update partners set name = 'After' where id = $1`, [added.id])
  const adding = addPartner(merchant, { partnerId: added.id, apis: ['order'] }, use)
  await untilBlocked(owner)
  await other.query('commit')
  expect((await adding).ok).toBe(true)
  const pair = { storeId: merchant.storeId, partnerId: added.id }
  expect(await findAccess(db, pair)).toMatchObject({ partnerName: 'After', sortedByPartnerName: 'After' })
})
