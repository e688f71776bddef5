import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { changingIn } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { reencrypt } from '../encryption/reencrypt.ts'
import { testKeys, testKeysText } from '../encryption/test-keyring.ts'
import { readKeyring } from '../process/keyring.ts'
import { dayMs } from '../time/units.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { collectToken, collectTokens } from './collect.ts'
import { expireHandovers } from './expire-handovers.ts'
import { issueToken } from './issue.ts'
import { collectWithinDays } from './model/handover.ts'
import { findToken } from './review/list.ts'
import { revocationOf, revokeTokens } from './revoke.ts'
import { renewToken } from './test-renewal.ts'

const { db, owner } = prepareTestDatabase()
const verifier = patientVerifier(db)
const use = { db, address: '192.0.2.7', keys: testKeys }

let merchant: MerchantActor
let partner: PartnerActor
let tokenId: string

beforeEach(async () => {
  await owner.$client.query('delete from handovers')
  const [store, other] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner: other })
  const [seller, shipper] = [
    await buildUser(owner, { name: 'Store owner' }),
    await buildUser(owner, { name: 'Partner owner' }),
  ]
  await addStoreMember(owner, { store, user: seller })
  await addPartnerMember(owner, { partner: other, user: shipper, role: 'owner' })
  const as = (user: typeof seller) => ({ userId: user.id, userName: user.name, role: 'owner' as const })
  merchant = { ...as(seller), side: 'merchant', storeId: store.id }
  partner = { ...as(shipper), side: 'partner', partnerId: other.id }
  const issued = await issueToken(merchant, { partnerId: other.id }, use)
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
  tokenId = issued.value.id
})

const collect = (actor: MerchantActor | PartnerActor = partner, tools = use) =>
  collectToken(actor, { tokenId }, tools)
const refused = (refusal: string) => ({ ok: false, refusal })
const keptText = async () => {
  const { rows } = await owner.$client.query('select encrypted_text from handovers where token_id = $1', [
    tokenId,
  ])
  return rows[0].encrypted_text as string | null
}

test.each(['merchant', 'partner'] as const)(
  'the %s collects a token that works, once; then its text is kept nowhere',
  async (side) => {
    const [actor, other] = side === 'merchant' ? [merchant, partner] : [partner, merchant]
    expect((await findToken(other, tokenId, { db }))?.handoverStatus).toBe('waiting')
    const collected = await collect(actor)
    if (!collected.ok) throw new Error(collected.refusal)
    expect((await verifier.verify(collected.value.text)).ok).toBe(true)
    expect(await keptText()).toBeNull()
    for (const again of [actor, other]) expect(await collect(again)).toEqual(refused('collected'))
    const seen = await findToken(other, tokenId, { db })
    expect(seen?.handoverStatus).toBe('collected')
    expect(seen?.handover).toMatchObject({ collectedFrom: side, collectedBy: actor.userName, isKept: false })
    const { rows } = await owner.$client.query(
      `select action, side, user_name, address from audit_events where token_id = $1 order by id desc limit 1`,
      [tokenId],
    )
    expect(rows).toEqual([
      { action: 'token.collected', side, user_name: actor.userName, address: '192.0.2.7' },
    ])
  },
)

test('of many who collect at the same time one gets the text', async () => {
  const results = await Promise.all([merchant, partner, merchant, partner].map((actor) => collect(actor)))
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.filter(({ ok }) => !ok)).toEqual(Array(3).fill(refused('collected')))
})

test('while it waits the database holds nothing of its text in clear', async () => {
  const { rows } = await owner.$client.query(
    'select to_jsonb(h) as h, to_jsonb(t) as t from handovers h join tokens t on t.id = h.token_id where t.id = $1',
    [tokenId],
  )
  const collected = await collect()
  if (!collected.ok) throw new Error(collected.refusal)
  expect(JSON.stringify(rows)).not.toContain(collected.value.text.slice(4))
})

test('a viewer collects nothing, and nor does somebody of another store or partner', async () => {
  expect(await collect({ ...merchant, role: 'viewer' })).toEqual(refused('not-allowed'))
  const strange = [
    { ...merchant, storeId: (await buildStore(owner)).id },
    { ...partner, partnerId: (await buildPartner(owner)).id },
  ]
  for (const actor of strange) expect(await collect(actor)).toEqual(refused('not-found'))
  expect(await keptText()).not.toBeNull()
})

test('a revoked token is handed out to nobody', async () => {
  await revokeTokens(
    merchant,
    { tokenIds: [tokenId], reason: 'exposed', extent: 'chosen', note: undefined },
    use,
  )
  expect(await collect()).toEqual(refused('ended'))
  expect((await findToken(partner, tokenId, { db }))?.handoverStatus).toBe('none')
})

test('a revocation that is under way comes first: who collects meanwhile waits for it, and gets nothing', async () => {
  let collecting: ReturnType<typeof collect> | undefined
  await db.transaction(async (tx) => {
    const why = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    const revocation = revocationOf(merchant, { tokenIds: [tokenId], ...why }, use)
    const revoked = await changingIn(tx, asChanger(merchant), revocation)
    expect(revoked).toEqual({ ok: true, value: [tokenId] })
    collecting = collect()
    await untilBlocked(owner)
  })
  expect(await collecting).toEqual(refused('ended'))
})

test('after the time to collect it is gone, and a renewal brings another text', async () => {
  const moved = `update handovers set collect_until = now() + $2::interval where token_id = $1`
  await owner.$client.query(moved, [tokenId, '1 minute'])
  expect((await findToken(partner, tokenId, { db }))?.handoverStatus).toBe('waiting')
  expect(await expireHandovers({ db })).toBe(0)
  await owner.$client.query(moved, [tokenId, '-1 second'])
  expect((await findToken(partner, tokenId, { db }))?.handoverStatus).toBe('too-late')
  expect(await collect()).toEqual(refused('too-late'))
  expect(await expireHandovers({ db })).toBe(1)
  expect(await keptText()).toBeNull()
  expect(await collect()).toEqual(refused('too-late'))
  const renewed = await renewToken(partner, { tokenId }, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  expect((await collectToken(partner, { tokenId: renewed.value.id }, use)).ok).toBe(true)
})

test('the text of a revoked token is forgotten by the job, that of a live one is not', async () => {
  await revokeTokens(
    merchant,
    { tokenIds: [tokenId], reason: 'exposed', extent: 'chosen', note: undefined },
    use,
  )
  const live = await issueToken(merchant, { partnerId: partner.partnerId }, use)
  if (!live.ok) throw new Error(JSON.stringify(live.refusal))
  expect(await expireHandovers({ db })).toBe(1)
  expect(await keptText()).toBeNull()
  expect((await collectToken(partner, { tokenId: live.value.id }, use)).ok).toBe(true)
})

test('it waits for two weeks', async () => {
  const token = await findToken(partner, tokenId, { db })
  const waits = (token?.handover?.collectUntil?.getTime() ?? 0) - (token?.createdAt.getTime() ?? 0)
  expect(waits).toBe(collectWithinDays * dayMs)
})

test('a token from before has no text to collect', async () => {
  const token = await buildToken(owner, { storeId: merchant.storeId, partnerId: partner.partnerId })
  expect(await collectToken(partner, { tokenId: token.id }, use)).toEqual(refused('not-kept'))
  expect((await findToken(partner, token.id, { db }))?.handoverStatus).toBe('none')
})

test('a change of keys loses no waiting token', async () => {
  const next = `next:${randomBytes(32).toString('base64')}`
  const onlyNew = { ...use, keys: readKeyring(next) }
  expect(await collect(partner, onlyNew)).toEqual(refused('key-missing'))
  expect(await reencrypt(onlyNew)).toEqual({ done: 0, unreadable: 1 })
  const both = readKeyring(`${next},${testKeysText}`)
  expect(await reencrypt({ db, keys: both })).toEqual({ done: 1, unreadable: 0 })
  expect(await reencrypt({ db, keys: both })).toEqual({ done: 0, unreadable: 0 })
  expect(await collect(partner, use)).toEqual(refused('key-missing'))
  const collected = await collect(partner, onlyNew)
  if (!collected.ok) throw new Error(collected.refusal)
  expect((await verifier.verify(collected.value.text)).ok).toBe(true)
})

test('a text that was put to another token is not handed out', async () => {
  const other = await renewToken(merchant, { tokenId }, use)
  if (!other.ok) throw new Error(JSON.stringify(other.refusal))
  await owner.$client.query(
    'update handovers set encrypted_text = (select encrypted_text from handovers where token_id = $2) where token_id = $1',
    [tokenId, other.value.id],
  )
  expect(await collect()).toEqual(refused('key-missing'))
})

test('of many each has its own answer: what cannot be handed out holds up nothing and stays as it is', async () => {
  const pair = { storeId: merchant.storeId, partnerId: partner.partnerId }
  const { id: kept } = await buildToken(owner, pair)
  const renewals = []
  for (let n = 0; n < 4; n += 1) {
    const old = await buildToken(owner, pair)
    const renewed = await renewToken(merchant, { tokenId: old.id }, use)
    if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
    renewals.push(renewed.value.id)
  }
  const [revoked = '', late = '', sealed = '', waiting = ''] = renewals
  await revokeTokens(merchant, { tokenIds: [revoked], reason: null, extent: 'chosen' }, use)
  await owner.$client.query(`update handovers set collect_until = now() where token_id = $1`, [late])
  await owner.$client.query(
    `update handovers set encrypted_text = 'gone.' || encrypted_text where token_id = $1`,
    [sealed],
  )
  const nobodys = crypto.randomUUID()
  const tokenIds = [nobodys, waiting, revoked, late, kept, sealed, tokenId]
  const collected = await collectTokens(partner, { tokenIds }, use)
  if (!collected.ok) throw new Error(collected.refusal)
  expect([...collected.value.keys()]).toEqual(tokenIds)
  const outcomes = [...collected.value.values()].map((one) => (one.ok ? 'text' : one.refusal))
  expect(outcomes).toEqual(['not-found', 'text', 'ended', 'too-late', 'not-kept', 'key-missing', 'text'])
  for (const id of [waiting, tokenId]) {
    const one = collected.value.get(id)
    expect(one?.ok && (await verifier.verify(one.value.text))).toMatchObject({
      ok: true,
      value: { tokenId: id },
    })
  }
  const { rows } = await owner.$client.query(
    `select token_id from handovers where encrypted_text is not null and token_id = any($1)`,
    [tokenIds],
  )
  expect(rows.map(({ token_id }) => token_id).toSorted()).toEqual([revoked, late, sealed].toSorted())
  const { rows: noted } = await owner.$client.query(
    `select token_id from audit_events where action = 'token.collected' and token_id = any($1)`,
    [tokenIds],
  )
  expect(noted.map(({ token_id }) => token_id).toSorted()).toEqual([waiting, tokenId].toSorted())
})

test('who collects many and who collects one of them at the same time: each text is handed out once', async () => {
  const old = await buildToken(owner, { storeId: merchant.storeId, partnerId: partner.partnerId })
  const renewed = await renewToken(merchant, { tokenId: old.id }, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  const both = [tokenId, renewed.value.id]
  const answers = await Promise.all([
    collectTokens(merchant, { tokenIds: both }, use),
    collectTokens(partner, { tokenIds: both.toReversed() }, use),
    collectTokens(partner, { tokenIds: both.slice(0, 1) }, use),
  ])
  const texts = answers.flatMap((answer) =>
    answer.ok ? [...answer.value.values()].flatMap((one) => (one.ok ? [one.value.text] : [])) : [],
  )
  expect(texts).toHaveLength(2)
  expect(new Set(texts).size).toBe(2)
})
