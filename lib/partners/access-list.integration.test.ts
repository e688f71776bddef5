import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { writeUsageBatch } from '#db/queries/verification/usage-batches.ts'
import {
  addPartnerMember,
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
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { accessHistory } from '../audit/history.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { listTokens } from '../tokens/review/list.ts'
import { readListQuery } from '../tokens/review/list-query.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import {
  findListedPartner,
  listPartners,
  partnersPerPage,
  readAccessQuery,
  reviewRemoval,
} from './access-list.ts'
import { addPartner } from './add-partner.ts'
import { changeApis } from './change-apis.ts'
import { removePartner } from './remove-partner.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.7' }
const gateway = patientVerifier(db)

let store: StoreRow
let partner: PartnerRow
let merchant: MerchantActor
let stranger: MerchantActor

beforeEach(async () => {
  const user = await buildUser(owner, { name: 'Store owner' })
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner, apis: ['order'] })
  merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
  await addStoreMember(owner, { store, user })
  stranger = { ...merchant, storeId: (await buildStore(owner)).id }
})

async function token(options: { expiresAt?: Date } = {}) {
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret, ...options })
  return { id, text }
}

async function rows(table: string) {
  const { rows } = await owner.$client.query(`select * from ${table} where store_id = $1 order by 1`, [
    store.id,
  ])
  return rows
}

async function operations() {
  const all = await rows('audit_events')
  return all.filter(({ action }) => action !== 'token.issued')
}

test('what a partner may call is changed for the next call, and who changed it is noted', async () => {
  const { text } = await token()
  expect(await gateway.verify(text)).toMatchObject({ ok: true, value: { apis: ['order'] } })
  const change = {
    partnerId: partner.id,
    apis: ['payment' as const, 'catalog' as const],
    before: ['order' as const],
  }
  expect(await changeApis(merchant, change, use)).toEqual({
    ok: true,
    value: { apis: ['payment', 'catalog'] },
  })
  expect(await gateway.verify(text)).toMatchObject({ ok: true, value: { apis: ['payment', 'catalog'] } })
  expect(await operations()).toMatchObject([
    {
      action: 'access.changed',
      user_id: merchant.userId,
      partner_id: partner.id,
      token_id: null,
      address: '192.0.2.7',
      details: { before: 'order', after: 'payment, catalog' },
    },
  ])
})

test('of two who change the same partner at the same time one learns that it was changed meanwhile', async () => {
  const change = (apis: ('order' | 'payment' | 'catalog')[]) =>
    changeApis(merchant, { partnerId: partner.id, apis, before: ['order'] }, use)
  const results = await Promise.all([change(['payment']), change(['catalog'])])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results).toContainEqual({ ok: false, refusal: 'changed-meanwhile' })
  expect(await operations()).toHaveLength(1)
})

test('saving what is ticked already writes nothing, also from a form that is out of date', async () => {
  const change = { partnerId: partner.id, apis: ['order' as const], before: ['catalog' as const] }
  expect(await changeApis(merchant, change, use)).toEqual({ ok: true, value: { apis: ['order'] } })
  expect(await operations()).toEqual([])
})

test('a store reads what was done about a partner’s access, the last action first, and nobody else does', async () => {
  const change = { partnerId: partner.id, apis: ['catalog' as const], before: ['order' as const] }
  await changeApis(merchant, change, use)
  await token()
  await removePartner(merchant, { partnerId: partner.id }, use)
  expect(await accessHistory(merchant, partner.id, { db })).toMatchObject([
    { action: 'access.removed', side: 'merchant', userName: 'Store owner', address: '192.0.2.7' },
    { action: 'access.changed', details: { before: 'order', after: 'catalog' } },
  ])
  expect(await accessHistory(stranger, partner.id, { db })).toEqual([])
  expect(await accessHistory(merchant, (await buildPartner(owner)).id, { db })).toEqual([])
})

test('before a removal the store sees what its tokens were used for', async () => {
  const [used, unused] = [await token(), await token()]
  const at = new Date()
  const call = { tokenId: used.id, at, api: 'order' as const, address: '192.0.2.9', client: null }
  await writeUsageBatch(db, {
    ...{
      writerId: randomUUID(),
      number: 1,
      tokenIds: [used.id],
      uses: [call],
      attempts: [],
      whilePaused: [],
    },
    hours: [
      {
        tokenId: used.id,
        hour: new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000),
        api: 'order',
        calls: 7,
        refusals: 0,
      },
    ],
    addresses: [],
  })
  const review = await reviewRemoval(merchant, partner.id, { db })
  const radiusOf = (id: string) => review?.tokens.find((one) => one.id === id)?.blastRadius
  expect(radiusOf(used.id)).toMatchObject({ calls: 7, apis: [{ api: 'order', calls: 7 }], successor: null })
  expect(radiusOf(unused.id)).toMatchObject({ calls: 0, apis: [] })
})

test('viewers and other stores change and remove nothing', async () => {
  await token()
  const change = { partnerId: partner.id, apis: ['payment' as const], before: ['order' as const] }
  const viewer: MerchantActor = { ...merchant, role: 'viewer' }
  expect(await changeApis(viewer, change, use)).toEqual({ ok: false, refusal: 'not-allowed' })
  expect(await changeApis(stranger, change, use)).toEqual({ ok: false, refusal: 'not-found' })
  expect(await removePartner(viewer, { partnerId: partner.id }, use)).toEqual({
    ok: false,
    refusal: 'not-allowed',
  })
  expect(await removePartner(stranger, { partnerId: partner.id }, use)).toEqual({
    ok: false,
    refusal: 'not-found',
  })
  expect(await findListedPartner(stranger, partner.id, { db })).toBeUndefined()
  expect(await reviewRemoval(stranger, partner.id, { db })).toBeUndefined()
  expect((await listPartners(stranger, {}, { db })).partners).toEqual([])
  expect(await operations()).toEqual([])
  expect(await rows('revocations')).toEqual([])
})

test('a removed partner is out of the list, and its live tokens are refused at the gateway from then on', async () => {
  const [first, second] = [await token(), await token()]
  const expired = await token({ expiresAt: new Date(Date.now() - 1000) })
  const review = await reviewRemoval(merchant, partner.id, { db })
  expect(review?.tokens.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
  const removed = await removePartner(merchant, { partnerId: partner.id }, use)
  if (!removed.ok) throw new Error(removed.refusal)
  expect(removed.value).toMatchObject({ partner: { id: partner.id, name: partner.name }, revokedCount: 2 })
  expect(removed.value.revokedIds.sort()).toEqual([first.id, second.id].sort())
  for (const { text } of [first, second]) {
    expect(await gateway.verify(text)).toMatchObject({ ok: false, refusal: { cause: 'revoked' } })
  }
  expect((await rows('revocations')).map((row) => [row.token_id, row.reason])).not.toContainEqual([
    expired.id,
    expect.anything(),
  ])
  expect((await rows('revocations')).map(({ reason }) => reason)).toEqual([
    'access-removed',
    'access-removed',
  ])
  expect((await operations()).map(({ action }) => action)).toEqual([
    'access.removed',
    'token.revoked',
    'token.revoked',
  ])
  const events = await rows('events')
  expect(events.map(({ kind }) => kind)).toEqual(['partner.removed', 'token.revoked', 'token.revoked'])
  expect(new Set(events.map(({ operation_id: operationId }) => operationId)).size).toBe(1)
  expect(await findListedPartner(merchant, partner.id, { db })).toBeUndefined()
  expect((await listPartners(merchant, {}, { db })).partners).toEqual([])
})

test('the ended tokens of a removed partner stay on record, on both sides', async () => {
  const { id } = await token()
  await removePartner(merchant, { partnerId: partner.id }, use)
  const user = await buildUser(owner)
  await addPartnerMember(owner, { partner, user })
  const ofPartner: PartnerActor = {
    side: 'partner',
    userId: user.id,
    userName: user.name,
    role: 'owner',
    partnerId: partner.id,
  }
  for (const actor of [merchant, ofPartner]) {
    for (const search of ['', store.id.slice(0, 9), partner.id]) {
      const ended = await listTokens(actor, readListQuery({ show: 'ended' }, actor.side), { db })
      expect(ended.tokens, search).toMatchObject([{ id, reason: 'access-removed' }])
    }
    for (const sort of ['expires', 'created', 'used', 'name', 'needs']) {
      expect((await listTokens(actor, readListQuery({ sort }, actor.side), { db })).tokens).toEqual([])
    }
  }
})

test('of many who remove a partner at the same time one does', async () => {
  const { id } = await token()
  const results = await Promise.all(
    Array.from({ length: 6 }, () => removePartner(merchant, { partnerId: partner.id }, use)),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect((await rows('revocations')).map((row) => row.token_id)).toEqual([id])
  expect((await operations()).map(({ action }) => action)).toEqual(['access.removed', 'token.revoked'])
})

test('a partner with more live tokens than are revoked at once is not removed', async () => {
  await token()
  await token()
  const result = await removePartner(merchant, { partnerId: partner.id }, { ...use, maxTokens: 1 })
  expect(result).toEqual({ ok: false, refusal: 'too-many-tokens' })
  expect(await rows('revocations')).toEqual([])
  expect(await findListedPartner(merchant, partner.id, { db })).toMatchObject({ liveTokens: 2 })
})

test('where a removal does not get through to its end, no token is revoked', async () => {
  await token()
  await owner.$client.query(`
    create function refuse_removal() returns trigger language plpgsql as $$ begin raise 'not to its end'; end $$;
    create constraint trigger refuse_removal after update on partner_access
      deferrable initially deferred for each row execute function refuse_removal()`)
  try {
    await expect(removePartner(merchant, { partnerId: partner.id }, use)).rejects.toThrow()
  } finally {
    await owner.$client.query('drop function refuse_removal cascade')
  }
  expect(await rows('revocations')).toEqual([])
  expect(await findListedPartner(merchant, partner.id, { db })).toMatchObject({ liveTokens: 1 })
})

test('a partner that was removed is added again with one new token; the old ones stay refused', async () => {
  const { text } = await token()
  await removePartner(merchant, { partnerId: partner.id }, use)
  const added = await addPartner(
    merchant,
    { partnerId: partner.id, apis: ['catalog'] },
    { ...use, keys: testKeys },
  )
  expect(added.ok).toBe(true)
  expect(await findListedPartner(merchant, partner.id, { db })).toMatchObject({
    apis: ['catalog'],
    liveTokens: 1,
  })
  expect(await gateway.verify(text)).toMatchObject({ ok: false, refusal: { cause: 'revoked' } })
})

test('the list pages by name there and back, finds by name and by ID, and leaves removed ones out', async () => {
  const many = await buildStore(owner)
  const actor: MerchantActor = { ...merchant, storeId: many.id }
  await addStoreMember(owner, { store: many, user: { id: actor.userId } })
  const names = Array.from(
    { length: 2 * partnersPerPage + 3 },
    (_, n) => `Couriers ${String(n).padStart(3, '0')}`,
  )
  for (const name of names) {
    await grantAccess(owner, { store: many, partner: await buildPartner(owner, { name }) })
  }
  const removed = await buildPartner(owner, { name: 'Couriers 000' })
  await grantAccess(owner, { store: many, partner: removed })
  await removePartner(actor, { partnerId: removed.id }, use)

  const seen: string[][] = []
  let page = await listPartners(actor, {}, { db })
  expect(page.previous).toBeNull()
  seen.push(page.partners.map(({ partnerName }) => partnerName))
  while (page.next) {
    page = await listPartners(actor, readAccessQuery({ after: page.next }), { db })
    seen.push(page.partners.map(({ partnerName }) => partnerName))
  }
  expect(seen.map(({ length }) => length)).toEqual([partnersPerPage, partnersPerPage, 3])
  expect(seen.flat()).toEqual(names)
  page = await listPartners(actor, readAccessQuery({ before: page.previous ?? '' }), { db })
  expect(page.partners.map(({ partnerName }) => partnerName)).toEqual(seen[1])
  page = await listPartners(actor, readAccessQuery({ before: page.previous ?? '' }), { db })
  expect(page.partners.map(({ partnerName }) => partnerName)).toEqual(seen[0])
  expect(page.previous).toBeNull()

  const found = await listPartners(actor, readAccessQuery({ search: 'COURIERS 01' }), { db })
  expect(found.partners.map(({ partnerName }) => partnerName)).toEqual(names.slice(10, 20))
  const [one] = found.partners
  const byId = await listPartners(actor, readAccessQuery({ search: one?.partnerId }), { db })
  expect(byId.partners).toEqual([one])
  expect((await listPartners(actor, readAccessQuery({ search: '%' }), { db })).partners).toEqual([])
  const nonsense = await listPartners(actor, readAccessQuery({ after: 'nonsense' }), { db })
  expect(nonsense.partners.map(({ partnerName }) => partnerName)).toEqual(seen[0])
})
