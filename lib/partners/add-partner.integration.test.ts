import { beforeEach, expect, test } from 'vitest'
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
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { collectToken } from '../tokens/collect.ts'
import { addYears } from '../tokens/model/lifetime.ts'
import { type AddRefusal, addPartner } from './add-partner.ts'
import { lookUpPartner } from './look-up-partner.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.7', keys: testKeys }

let store: StoreRow
let merchant: MerchantActor
let partner: PartnerRow

beforeEach(async () => {
  const user = await buildUser(owner, { name: 'Store owner' })
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  await addStoreMember(owner, { store, user })
  merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
})

async function recordOf(storeId: string) {
  const read = async (table: string, order: string) =>
    (await owner.$client.query(`select * from ${table} where store_id = $1 order by ${order}`, [storeId]))
      .rows
  return {
    access: await read('partner_access', 'partner_id'),
    tokens: await read('tokens', 'id'),
    audits: await read('audit_events', 'id'),
    events: await read('events', 'id'),
  }
}

const nothing = { access: [], tokens: [], audits: [], events: [] }

test('an added partner stands in the list with its APIs and one token of a year, which can be collected', async () => {
  const added = await addPartner(merchant, { partnerId: partner.id, apis: ['order', 'catalog'] }, use)
  if (!added.ok) throw new Error(JSON.stringify(added.refusal))
  const { access, tokens, audits, events } = await recordOf(store.id)
  expect(access).toMatchObject([
    {
      partner_id: partner.id,
      partner_name: partner.name,
      store_name: store.name,
      apis: ['order', 'catalog'],
      removed_at: null,
    },
  ])
  expect(tokens).toMatchObject([{ id: added.value.id, partner_id: partner.id, predecessor_id: null }])
  const { created_at: createdAt, expires_at: expiresAt } = tokens[0]
  expect(expiresAt).toEqual(addYears(createdAt, 1))
  expect(access[0].added_at).toEqual(createdAt)
  const by = { side: 'merchant', user_id: merchant.userId, user_name: 'Store owner', partner_id: partner.id }
  expect(audits).toMatchObject([
    {
      ...by,
      action: 'access.added',
      token_id: null,
      address: '192.0.2.7',
      details: { apis: 'order, catalog' },
    },
    { ...by, action: 'token.issued', token_id: added.value.id, address: '192.0.2.7' },
  ])
  expect(events).toMatchObject([
    { ...by, kind: 'partner.added', token_id: null },
    { ...by, kind: 'token.issued', token_id: added.value.id },
  ])
  expect(events[0].operation_id).toBe(events[1].operation_id)
  expect((await collectToken(merchant, { tokenId: added.value.id }, use)).ok).toBe(true)
})

type Attempt = { actor: MerchantActor; partnerId: string }
const refused: [cause: string, refusal: AddRefusal, attempt: () => Promise<Attempt>][] = [
  [
    'by a viewer',
    'not-allowed',
    async () => ({ actor: { ...merchant, role: 'viewer' }, partnerId: partner.id }),
  ],
  ['that there is not', 'unknown', async () => ({ actor: merchant, partnerId: 'ypa-000000000000' })],
  [
    'to a store with the Starter package',
    'package-without-apis',
    async () => {
      const starter = await buildStore(owner, { package: 'starter' })
      await addStoreMember(owner, { store: starter, user: { id: merchant.userId } })
      return { actor: { ...merchant, storeId: starter.id }, partnerId: partner.id }
    },
  ],
]

test.each(refused)(
  'a partner %s is not added: %s, and nothing is written',
  async (_cause, refusal, attempt) => {
    const { actor, partnerId } = await attempt()
    expect(await addPartner(actor, { partnerId, apis: ['order'] }, use)).toEqual({ ok: false, refusal })
    expect(await recordOf(actor.storeId)).toEqual(nothing)
  },
)

test('a partner in the list is not added again, and what it may call stays', async () => {
  await grantAccess(owner, { store, partner, apis: ['payment'] })
  const again = await addPartner(merchant, { partnerId: partner.id, apis: ['order'] }, use)
  expect(again).toEqual({ ok: false, refusal: 'already-listed' })
  const { access, tokens, audits, events } = await recordOf(store.id)
  expect(access).toMatchObject([{ apis: ['payment'] }])
  expect([tokens, audits, events]).toEqual([[], [], []])
})

test('of many who add a partner at the same time one does; there is one row, one token, one record', async () => {
  const attempts = await Promise.all(
    Array.from({ length: 8 }, () => addPartner(merchant, { partnerId: partner.id, apis: ['order'] }, use)),
  )
  expect(attempts.filter(({ ok }) => ok)).toHaveLength(1)
  expect(attempts.flatMap((attempt) => (attempt.ok ? [] : [attempt.refusal]))).toEqual(
    Array<string>(7).fill('already-listed'),
  )
  const { access, tokens, audits, events } = await recordOf(store.id)
  expect([access.length, tokens.length, audits.length, events.length]).toEqual([1, 1, 2, 2])
})

test('a removed partner is added again, from now on and with the APIs ticked now; what it had stays ended', async () => {
  await grantAccess(owner, { store, partner, apis: ['payment'], addedAt: new Date('2025-01-01') })
  const by = { id: merchant.userId, name: merchant.userName }
  const old = await buildToken(owner, {
    storeId: store.id,
    partnerId: partner.id,
    revocation: { side: 'merchant', by },
  })
  await owner.$client.query('update partner_access set removed_at = now() where store_id = $1', [store.id])
  const results = await Promise.all(
    Array.from({ length: 4 }, () => addPartner(merchant, { partnerId: partner.id, apis: ['order'] }, use)),
  )
  const added = results.flatMap((result) => (result.ok ? [result.value] : []))
  expect(added).toHaveLength(1)
  const { access, tokens } = await recordOf(store.id)
  expect(access).toMatchObject([{ apis: ['order'], removed_at: null }])
  expect(access[0].added_at.getTime()).toBeGreaterThan(new Date('2026-01-01').getTime())
  expect(tokens.map(({ id }) => id).sort()).toEqual([old.id, added[0]?.id].sort())
})

test('the same partner in another store is another row, and does not stand in the way', async () => {
  await grantAccess(owner, { store: await buildStore(owner), partner })
  expect((await addPartner(merchant, { partnerId: partner.id, apis: ['order'] }, use)).ok).toBe(true)
})

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['parcel pilot', 'wrong-shape'],
  ['ypa-1234', 'wrong-shape'],
  ['ypa-0000000000000', 'wrong-shape'],
  ['ypa-000000000000', 'unknown'],
] as const)('the typed Partner ID “%s” is %s', async (typed, kind) => {
  expect(await lookUpPartner(merchant, { typed }, { db })).toEqual({ ok: false, refusal: { kind } })
})

test('a Partner ID is found however it was typed, with the name of the partner', async () => {
  const typed = ` ${partner.id.toUpperCase()} `
  expect(await lookUpPartner(merchant, { typed }, { db })).toEqual({
    ok: true,
    value: { id: partner.id, name: partner.name },
  })
})

test('a partner in this store’s list is named as listed; in another’s, or once removed, it is not', async () => {
  await grantAccess(owner, { store: await buildStore(owner), partner })
  expect((await lookUpPartner(merchant, { typed: partner.id }, { db })).ok).toBe(true)
  const { addedAt } = await grantAccess(owner, { store, partner })
  expect(await lookUpPartner(merchant, { typed: partner.id }, { db })).toEqual({
    ok: false,
    refusal: {
      kind: 'already-listed',
      partner: { id: partner.id, name: partner.name },
      since: addedAt,
    },
  })
  await owner.$client.query('update partner_access set removed_at = now() where store_id = $1', [store.id])
  expect((await lookUpPartner(merchant, { typed: partner.id }, { db })).ok).toBe(true)
})
