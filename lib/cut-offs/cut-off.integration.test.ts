import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { listAccess } from '#db/queries/partners/access-list.ts'
import { noteHeartbeat } from '#db/queries/verification/gateway-processes.ts'
import { askForProof, insertProofAnswer } from '#db/queries/verification/refusal-proofs.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUsageHours,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Role } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import type { Operator } from '../access/operators.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { log } from '../process/log.ts'
import { collectToken } from '../tokens/collect.ts'
import { issueToken } from '../tokens/issue.ts'
import { renewTokens } from '../tokens/renew.ts'
import { countOwnTokens } from '../tokens/review/counts.ts'
import { findToken, listTokens } from '../tokens/review/list.ts'
import { readListQuery } from '../tokens/review/list-query.ts'
import { readSiblings } from '../tokens/review/siblings.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { cutOff, cutOffByOperator } from './cut-off.ts'
import { listCutOffs } from './list.ts'
import { reviewCutOff } from './review.ts'
import { writeCutOffBooks } from './write-books.ts'

const { db, owner } = prepareTestDatabase()
const verifier = patientVerifier(db)
const use = { db, address: '192.0.2.1', keys: testKeys }
const dayMs = 86_400_000

type Named = { id: string; name: string }
let stores: [Named, Named]
let partners: [Named, Named]
let merchant: MerchantActor
let partner: PartnerActor
let operator: Operator
const as = <Who extends { role: Role }>(who: Who, role: Role): Who => ({ ...who, role })

beforeEach(async () => {
  await owner.$client.query('delete from gateway_processes')
  stores = [await buildStore(owner), await buildStore(owner)]
  partners = [await buildPartner(owner), await buildPartner(owner)]
  const user = await buildUser(owner)
  for (const store of stores) {
    await addStoreMember(owner, { store, user, role: 'owner' })
    for (const one of partners) await grantAccess(owner, { store, partner: one })
  }
  for (const one of partners) await addPartnerMember(owner, { partner: one, user, role: 'owner' })
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  merchant = { ...person, side: 'merchant', storeId: stores[0].id }
  partner = { ...person, side: 'partner', partnerId: partners[0].id }
  const platform = await buildUser(owner, { isOperator: true })
  operator = { userId: platform.id, userName: platform.name, operator: true }
})

const exposed = (name: string) => ({ name, reason: 'exposed' as const })
const tokenOf = (store: Named, one: Named, options = {}) =>
  buildToken(owner, { storeId: store.id, partnerId: one.id, ...options })

/** One of each pair. */
async function fourTokens() {
  const [first, second] = [partners[0], partners[1]]
  return {
    here: await tokenOf(stores[0], first),
    there: await tokenOf(stores[1], first),
    hereOfOther: await tokenOf(stores[0], second),
    thereOfOther: await tokenOf(stores[1], second),
  }
}

/** By the gateway's own look-up. */
async function liveOf(tokens: Record<string, { hash: Buffer }>) {
  const live = []
  for (const [name, { hash }] of Object.entries(tokens))
    if ((await verifier.verifyHash(hash.toString('hex'))).ok) live.push(name)
  return live
}

async function done(result: ReturnType<typeof cutOff>) {
  const made = await result
  if (!made.ok) throw new Error(`refused: ${made.refusal}`)
  return made.value
}

describe('what ends', () => {
  test('of a partner: its tokens at every store', async () => {
    const tokens = await fourTokens()
    const made = await done(cutOff(partner, exposed(partners[0].name), use))
    expect(await liveOf(tokens)).toEqual(['hereOfOther', 'thereOfOther'])
    expect(made).toMatchObject({ storeId: '', partnerId: partners[0].id, onStandby: 'confirmed' })
    expect(made.revokedIds.toSorted()).toEqual([tokens.here.id, tokens.there.id].toSorted())
  })

  test('at once, while somebody holds the row of the store: nobody who issues waits behind it', async () => {
    const tokens = await fourTokens()
    const holding = await owner.$client.connect()
    try {
      await holding.query('begin')
      await holding.query('select from stores where id = $1 for no key update', [stores[0].id])
      await done(cutOff(merchant, exposed(stores[0].name), use))
    } finally {
      await holding.query('rollback')
      holding.release()
    }
    expect(await liveOf(tokens)).toEqual(['there', 'thereOfOther'])
  })

  test('of a store: the tokens of every partner', async () => {
    const tokens = await fourTokens()
    await done(cutOff(merchant, exposed(stores[0].name), use))
    expect(await liveOf(tokens)).toEqual(['there', 'thereOfOther'])
  })

  test('of a pair, by either side', async () => {
    const tokens = await fourTokens()
    await done(cutOff(merchant, { otherId: partners[0].id, ...exposed(partners[0].name) }, use))
    expect(await liveOf(tokens)).toEqual(['there', 'hereOfOther', 'thereOfOther'])
    await done(cutOff(partner, { otherId: stores[1].id, ...exposed(stores[1].name) }, use))
    expect(await liveOf(tokens)).toEqual(['hereOfOther', 'thereOfOther'])
  })

  test('once: a wider one names only what the first has left', async () => {
    const tokens = await fourTokens()
    const ofPair = { otherId: partners[0].id, ...exposed(partners[0].name) }
    expect((await done(cutOff(merchant, ofPair, use))).revokedIds).toEqual([tokens.here.id])
    expect((await done(cutOff(partner, exposed(partners[0].name), use))).revokedIds).toEqual([
      tokens.there.id,
    ])
  })

  test('by an operator: a partner, or a store', async () => {
    const tokens = await fourTokens()
    const ofPartner = { of: 'partner', id: partners[0].id, ...exposed(partners[0].name) } as const
    expect(await cutOffByOperator(operator, ofPartner, use)).toMatchObject({ ok: true })
    expect(await liveOf(tokens)).toEqual(['hereOfOther', 'thereOfOther'])
    const ofStore = { of: 'store', id: stores[1].id, ...exposed(stores[1].name) } as const
    expect(await cutOffByOperator(operator, ofStore, use)).toMatchObject({ ok: true })
    expect(await liveOf(tokens)).toEqual(['hereOfOther'])
  })

  test('nothing that is issued or added after it', async () => {
    const tokens = await fourTokens()
    await done(cutOff(partner, exposed(partners[0].name), use))
    const issued = await issueToken(merchant, { partnerId: partners[0].id }, use)
    if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
    const collected = await collectToken(merchant, { tokenId: issued.value.id }, use)
    if (!collected.ok) throw new Error(collected.refusal)
    expect(await liveOf(tokens)).toEqual(['hereOfOther', 'thereOfOther'])
    expect(await verifier.verify(collected.value.text)).toMatchObject({ ok: true })
  })

  test('what had expired before stays expired, and what was revoked before keeps who revoked it', async () => {
    const [expired, revoked] = [
      await tokenOf(stores[0], partners[0], { expiresAt: new Date(Date.now() - dayMs) }),
      await tokenOf(stores[0], partners[0]),
    ]
    await revokeTokens(
      merchant,
      { tokenIds: [revoked.id], extent: 'chosen', reason: 'another-expiry-date', note: undefined },
      use,
    )
    await done(cutOff(partner, exposed(partners[0].name), use))
    for (const books of ['open', 'written']) {
      expect(await findToken(merchant, expired.id, use), books).toMatchObject({
        status: 'expired',
        revokedAt: null,
        cutOffId: null,
      })
      expect(await findToken(merchant, revoked.id, use), books).toMatchObject({
        status: 'revoked',
        reason: 'another-expiry-date',
        revokedFrom: 'merchant',
        cutOffId: null,
      })
      await writeCutOffBooks({ db })
    }
  })
})

describe('who may', () => {
  test('of a whole store or partner its owners, of a pair who may revoke', async () => {
    const whole = (role: Role) => cutOff(as(partner, role), exposed(partners[0].name), use)
    const pair = (role: Role) =>
      cutOff(as(merchant, role), { otherId: partners[0].id, ...exposed(partners[0].name) }, use)
    const tokens = await fourTokens()
    for (const role of ['administrator', 'viewer'] as const)
      expect(await whole(role)).toEqual({ ok: false, refusal: 'not-allowed' })
    expect(await pair('viewer')).toEqual({ ok: false, refusal: 'not-allowed' })
    expect(await liveOf(tokens)).toHaveLength(4)
    const { rows } = await owner.$client.query(
      `update store_members set role = 'administrator' where store_id = $1 returning user_id`,
      [stores[0].id],
    )
    expect(rows).toHaveLength(1)
    expect(await pair('administrator')).toMatchObject({ ok: true })
  })

  test('whoever is an owner or an operator no more is refused', async () => {
    await owner.$client.query(`update partner_members set role = 'administrator' where partner_id = $1`, [
      partners[0].id,
    ])
    expect(await cutOff(partner, exposed(partners[0].name), use)).toEqual({
      ok: false,
      refusal: 'not-allowed',
    })
    await owner.$client.query('update users set is_operator = false where id = $1', [operator.userId])
    const input = { of: 'partner', id: partners[0].id, ...exposed(partners[0].name) } as const
    expect(await cutOffByOperator(operator, input, use)).toEqual({ ok: false, refusal: 'not-found' })
  })

  test('a store or partner with which there was never anything is not found', async () => {
    const stranger = await buildPartner(owner)
    const input = { otherId: stranger.id, ...exposed(stranger.name) }
    expect(await cutOff(merchant, input, use)).toEqual({ ok: false, refusal: 'not-found' })
  })

  test('nothing ends where another name was typed; spaces do not count', async () => {
    const tokens = await fourTokens()
    expect(await cutOff(partner, exposed(stores[0].name), use)).toEqual({
      ok: false,
      refusal: 'name-differs',
    })
    expect(await liveOf(tokens)).toHaveLength(4)
    await done(cutOff(partner, exposed(`  ${partners[0].name.replaceAll(' ', '  ')} `), use))
    expect(await liveOf(tokens)).toHaveLength(2)
  })

  test('nothing ends while a gateway of the version before may be alive, and its name is said', async () => {
    const id = randomUUID()
    await owner.$client.query(
      `insert into gateway_processes (id, name, started_at, heartbeat_at) values ($1, 'edge-old', now(), now())`,
      [id],
    )
    expect(await cutOff(partner, exposed(partners[0].name), use)).toEqual({
      ok: false,
      refusal: 'older-gateways',
    })
    expect(await reviewCutOff(partner, {}, use)).toMatchObject({
      ok: true,
      value: { olderGateways: ['edge-old'] },
    })
    // The same process, of this version from now on.
    await noteHeartbeat(db, { id, name: 'edge-new', runningForMs: 0 })
    expect(await cutOff(partner, exposed(partners[0].name), use)).toMatchObject({ ok: true })
  })
})

describe('cut-offs without end', () => {
  const rowsOf = async () =>
    (await owner.$client.query('select from cut_offs where partner_id = $1', [partners[0].id])).rowCount

  test('what would end nothing is not written: the answer is the last one of all of it, whoever made it', async () => {
    await fourTokens()
    const ofPair = { otherId: partners[0].id, ...exposed(partners[0].name) }
    const first = await done(cutOff(merchant, ofPair, use))
    const again = await done(cutOff(merchant, { ...ofPair, cutOffId: randomUUID() }, use))
    expect(again).toMatchObject({ cutOffId: first.cutOffId, at: first.at, ended: 'none', revokedIds: [] })
    const whole = await done(cutOff(partner, exposed(partners[0].name), use))
    expect(whole.cutOffId).not.toBe(first.cutOffId)
    const part = await done(cutOff(merchant, { ...ofPair, reason: 'no-longer-working-together' }, use))
    expect(part).toMatchObject({ cutOffId: whole.cutOffId, at: whole.at, reason: 'exposed' })
    expect(await rowsOf()).toBe(2)
  })

  test('twenty an hour of a party, of pairs and of all of it, and of an operator; then a later time is said', async () => {
    const limited = { ok: false, refusal: { kind: 'too-often', waitSeconds: expect.any(Number) } }
    const ofPair = { otherId: partners[0].id, ...exposed(partners[0].name) }
    const ofPartner = { of: 'partner', id: partners[0].id, ...exposed(partners[0].name) } as const
    const kinds: [{ side: string; storeId: string }, () => ReturnType<typeof cutOff>][] = [
      [{ side: 'merchant', storeId: stores[0].id }, () => cutOff(merchant, ofPair, use)],
      [{ side: 'partner', storeId: '' }, () => cutOff(partner, exposed(partners[0].name), use)],
      [{ side: 'operator', storeId: '' }, () => cutOffByOperator(operator, ofPartner, use)],
    ]
    for (const [n, [{ side, storeId }, cut]] of kinds.entries()) {
      // Each later than the cut-off before.
      const createdAt = Date.now() + n * 10_000
      await tokenOf(stores[0], partners[0], { createdAt: new Date(createdAt) })
      const make = (count: number, minutesAgo: number) =>
        owner.$client.query(
          `insert into cut_offs (id, store_id, partner_id, at, side, user_id, reason)
            select gen_random_uuid(), $1, $2, now() - $3::int * interval '1 minute', $4, $5, 'exposed' from generate_series(1, $6)`,
          [
            ...[storeId, partners[0].id, minutesAgo, side],
            ...[side === 'operator' ? operator.userId : merchant.userId, count],
          ],
        )
      await make(1, 61)
      await make(1, 50)
      await make(18, 30)
      expect(await cut(), side).toMatchObject({ ok: true })
      const later = await tokenOf(stores[0], partners[0], { createdAt: new Date(createdAt + 5_000) })
      expect(await cut(), side).toEqual(limited)
      const refused = await cut()
      const wait = refused.ok ? 0 : Reflect.get(Object(refused.refusal), 'waitSeconds')
      expect(wait, side).toBeGreaterThan(9 * 60)
      expect(wait, side).toBeLessThanOrEqual(10 * 60)
      expect(await liveOf({ later }), side).toEqual(['later'])
    }
  })
})

describe('a form that is sent twice', () => {
  test('cuts off once: what was issued in between lives, and the answer is the first one', async () => {
    const tokens = await fourTokens()
    const input = { ...exposed(partners[0].name), cutOffId: randomUUID() }
    const first = await done(cutOff(partner, input, use))
    const issued = await tokenOf(stores[0], partners[0], { createdAt: new Date(first.at.getTime() + 1) })
    const second = await done(cutOff(partner, { ...input, reason: 'no-longer-working-together' }, use))
    expect(second).toMatchObject({ cutOffId: input.cutOffId, at: first.at, reason: 'exposed' })
    expect(await liveOf({ ...tokens, issued })).toEqual(['hereOfOther', 'thereOfOther', 'issued'])
    expect(await listCutOffs(partner, use)).toHaveLength(1)
  })

  test('is nobody else’s, and of nobody else’s tokens', async () => {
    const cutOffId = randomUUID()
    await done(cutOff(partner, { ...exposed(partners[0].name), cutOffId }, use))
    const refused = { ok: false, refusal: 'not-found' }
    expect(await cutOff(merchant, { ...exposed(stores[0].name), cutOffId }, use)).toEqual(refused)
    const other = await buildUser(owner)
    await addPartnerMember(owner, { partner: partners[0], user: other, role: 'owner' })
    const colleague = { ...partner, userId: other.id, userName: other.name }
    expect(await cutOff(colleague, { ...exposed(partners[0].name), cutOffId }, use)).toEqual(refused)
  })
})

test('what the gateways answered stays on record: for both sides, of how many tokens for whose they all are', async () => {
  await fourTokens()
  const { cutOffId, revokedIds } = await done(cutOff(partner, exposed(partners[0].name), use))
  expect(await listCutOffs(partner, use)).toMatchObject([{ proof: null }])
  const id = randomUUID()
  await askForProof(db, { id, tokenIds: revokedIds, cutOffId })
  for (const [processName, accepted] of [
    ['edge-1', 0],
    ['edge-2', 0],
    ['edge-3', 1],
  ] as const) {
    const refused = revokedIds.length - accepted
    await insertProofAnswer(db, { proofId: id, processId: randomUUID(), processName, refused, accepted })
  }
  expect(await listCutOffs(partner, use)).toMatchObject([{ proof: { tokens: 2, servers: 2, accepting: 1 } }])
  expect(await listCutOffs(merchant, use)).toMatchObject([
    { proof: { tokens: null, servers: 2, accepting: 1 } },
  ])
})

test('who came to work together afterwards does not read of it, on either side', async () => {
  const [newStore, newPartner] = [await buildStore(owner), await buildPartner(owner)]
  await fourTokens()
  const { cutOffId } = await done(cutOff(partner, exposed(partners[0].name), use))
  const ofStore = await done(cutOff(merchant, exposed(stores[0].name), use))
  await grantAccess(owner, { store: newStore, partner: partners[0] })
  await grantAccess(owner, { store: stores[0], partner: newPartner })
  const newcomer = { ...merchant, storeId: newStore.id }
  expect(await listCutOffs(newcomer, use)).toEqual([])
  expect(await listCutOffs({ ...partner, partnerId: newPartner.id }, use)).toEqual([])
  expect((await listCutOffs(merchant, use)).map(({ id }) => id)).toEqual([ofStore.cutOffId, cutOffId])
  // A partner that was removed and added again had tokens under it.
  await owner.$client.query(
    `update partner_access set added_at = now() + interval '1 second' where store_id = $1 and partner_id = $2`,
    [stores[1].id, partners[0].id],
  )
  expect(await listCutOffs({ ...merchant, storeId: stores[1].id }, use)).toMatchObject([{ id: cutOffId }])
})

test('it is done once it is committed: where its tokens cannot be read it has no sample', async () => {
  const tokens = await fourTokens()
  const broken = Object.assign(Object.create(db), { execute: () => Promise.reject(new Error('away')) })
  log.level = 'silent'
  const made = await done(cutOff(partner, exposed(partners[0].name), { ...use, db: broken }))
  expect(made).toMatchObject({ ended: 'unknown', revokedIds: [] })
  expect(await liveOf(tokens)).toEqual(['hereOfOther', 'thereOfOther'])
})

describe('a review', () => {
  test('says how many calls of the last 24 hours would fail, of its tokens and of live ones only', async () => {
    const { here, there, hereOfOther } = await fourTokens()
    const dead = await tokenOf(stores[0], partners[0])
    await revokeTokens(
      merchant,
      { tokenIds: [dead.id], extent: 'chosen', reason: 'exposed', note: undefined },
      use,
    )
    const hour = (hours: number) => new Date(Date.now() - hours * 3_600_000)
    for (const { id } of [here, hereOfOther, dead])
      await buildUsageHours(owner, id, [
        { api: 'order', hour: hour(1), calls: 20, refusals: 7 },
        { api: 'order', hour: hour(30), calls: 500, refusals: 0 },
      ])
    await buildUsageHours(owner, there.id, [{ api: 'payment', hour: hour(2), calls: 3, refusals: 0 }])
    expect(await reviewCutOff(partner, {}, use)).toMatchObject({
      value: { tokens: { count: 2 }, callsLastDay: { count: 23, isMore: false } },
    })
  })
})

describe('from the first moment, before anything is written down', () => {
  test('both sides see the tokens as revoked: who, why and when', async () => {
    const { here, there } = await fourTokens()
    const { at, cutOffId } = await done(cutOff(partner, exposed(partners[0].name), use))
    const { rows } = await owner.$client.query('select from revocations where token_id = $1', [here.id])
    expect(rows).toEqual([])
    for (const books of ['open', 'written']) {
      const ended = { status: 'revoked', revokedAt: at, reason: 'exposed', revokedFrom: 'partner', cutOffId }
      expect(await findToken(merchant, here.id, use), books).toMatchObject({
        ...ended,
        revokedBy: partner.userName,
        revokedByEmail: null,
      })
      expect(await findToken(partner, there.id, use), books).toMatchObject(ended)
      const list = async (
        show: 'active' | 'ended',
        who: MerchantActor | PartnerActor,
        search?: string | undefined,
      ) => (await listTokens(who, readListQuery({ show, search }, who.side), use)).tokens.map(({ id }) => id)
      expect(await list('active', partner), books).toEqual([])
      expect((await list('ended', partner)).toSorted(), books).toEqual([here.id, there.id].toSorted())
      expect(await list('ended', merchant), books).toEqual([here.id])
      for (const search of [`…${here.lastCharacters}`, here.id]) {
        expect(await list('active', partner, search), books).toEqual([])
        expect(await list('ended', partner, search), books).toEqual([here.id])
      }
      await writeCutOffBooks({ db })
    }
  })

  test('nothing counts, renews, collects or revokes them any more', async () => {
    const { here } = await fourTokens()
    const soon = await tokenOf(stores[0], partners[0], { expiresAt: new Date(Date.now() + dayMs) })
    const issued = await renewTokens(merchant, { tokenIds: [soon.id] }, use)
    if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
    const successorId = issued.value.renewed[0]?.successor.id ?? ''
    const counted = () => countOwnTokens(partner, { db })
    expect(await counted()).toMatchObject({
      active: { count: 4 },
      expiring: { count: 1 },
      ended: { count: 0 },
    })
    await done(cutOff(merchant, { otherId: partners[0].id, ...exposed(partners[0].name) }, use))
    expect(await counted()).toMatchObject({
      active: { count: 1 },
      expiring: { count: 0 },
      ended: { count: 3 },
    })
    const [listed] = await listAccess(db, merchant, { direction: 'asc', limit: 1, search: partners[0].id })
    expect(listed).toMatchObject({ liveTokens: 0 })
    expect(await readSiblings(db, merchant, [here.id], 100)).toMatchObject({ shown: [] })
    expect(await renewTokens(merchant, { tokenIds: [here.id] }, use)).toMatchObject({
      value: { renewed: [], leftOut: [{ obstacle: 'revoked' }] },
    })
    expect(await collectToken(merchant, { tokenId: successorId }, use)).toEqual({
      ok: false,
      refusal: 'ended',
    })
    // The successor ended with the token that it renewed: that one is not New again.
    expect(await findToken(merchant, soon.id, use)).toMatchObject({ status: 'revoked', successor: null })
    const again: Parameters<typeof revokeTokens>[1] = {
      tokenIds: [here.id, soon.id],
      extent: 'with-siblings',
      reason: 'other',
      note: 'x',
    }
    expect(await revokeTokens(merchant, again, use)).toMatchObject({
      value: { revokedCount: 0, alreadyRevoked: [{}, {}], stillLiveCount: 0 },
    })
  })
})

describe('it is final', () => {
  test.each([
    ['the application', () => db],
    ['the owner of the tables', () => owner],
  ])('%s can neither change nor delete it', async (_who, of) => {
    const { cutOffId } = await done(cutOff(partner, exposed(partners[0].name), use))
    for (const statement of [
      `update cut_offs set at = at - interval '1 year' where id = '${cutOffId}'`,
      `delete from cut_offs where id = '${cutOffId}'`,
      'truncate cut_offs cascade',
    ])
      await expect(of().$client.query(statement)).rejects.toMatchObject({ code: '42501' })
  })
})

test('the review counts what would end, and no further than its limit', async () => {
  const { here } = await fourTokens()
  await owner.$client.query('insert into token_usage (token_id, last_used_at) values ($1, now())', [here.id])
  expect(await reviewCutOff(partner, {}, use)).toMatchObject({
    ok: true,
    value: {
      partnerName: partners[0].name,
      tokens: { count: 2, isMore: false },
      others: { count: 2, isMore: false },
      usedLastDay: { count: 1, isMore: false },
    },
  })
  await done(cutOff(merchant, { otherId: partners[0].id, ...exposed(partners[0].name) }, use))
  expect(await reviewCutOff(partner, {}, use)).toMatchObject({ ok: true, value: { tokens: { count: 1 } } })
  expect(await reviewCutOff(as(partner, 'administrator'), {}, use)).toEqual({
    ok: false,
    refusal: 'not-allowed',
  })
})

test('both sides read how far it is written down; how many tokens there were is for whose they all are', async () => {
  await fourTokens()
  const { cutOffId } = await done(cutOff(partner, exposed(partners[0].name), use))
  expect(await listCutOffs(partner, { db })).toMatchObject([{ id: cutOffId, progress: 0, counted: null }])
  await writeCutOffBooks({ db })
  expect(await listCutOffs(partner, { db })).toMatchObject([
    { id: cutOffId, progress: 1, counted: { tokens: 2, done: 2 }, from: 'partner', by: partner.userName },
  ])
  expect(await listCutOffs(merchant, { db })).toMatchObject([
    { id: cutOffId, progress: 1, counted: null, byEmail: null },
  ])
})
