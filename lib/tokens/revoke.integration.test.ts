import { beforeEach, describe, expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { dayMs } from '../time/units.ts'
import type { Revocation } from './model/schemas.ts'
import { findToken } from './review/list.ts'
import { reviewRevocation } from './review/review.ts'
import { readSiblings } from './review/siblings.ts'
import { type RevocationOutcome, revokeTokens } from './revoke.ts'
import { renewToken } from './test-renewal.ts'

const { db, owner } = prepareTestDatabase()

const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const daysAgo = (days: number) => inDays(-days)

let merchant: MerchantActor
let partner: PartnerActor
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  const [store, company, storeOwner, partnerAdmin] = [
    await buildStore(owner),
    await buildPartner(owner, { name: 'Parcel Pilot, Inc.' }),
    await buildUser(owner, { name: 'Store owner' }),
    await buildUser(owner, { name: 'Partner administrator' }),
  ]
  await grantAccess(owner, { store, partner: company })
  await addStoreMember(owner, { store, user: storeOwner })
  await addPartnerMember(owner, { partner: company, user: partnerAdmin })
  pair = { storeId: store.id, partnerId: company.id }
  merchant = {
    side: 'merchant',
    userId: storeOwner.id,
    userName: storeOwner.name,
    role: 'owner',
    storeId: store.id,
  }
  partner = {
    side: 'partner',
    userId: partnerAdmin.id,
    userName: partnerAdmin.name,
    role: 'administrator',
    partnerId: company.id,
  }
})

const choice = (tokenIds: string[], more: Partial<Revocation> = {}): Revocation => ({
  tokenIds,
  reason: 'exposed',
  note: undefined,
  extent: 'chosen',
  ...more,
})
const use = () => ({ db, address: '192.0.2.7', keys: testKeys })

async function rowsOf(tokenIds: string[]) {
  const revocations = await owner.$client.query('select * from revocations where token_id = any($1)', [
    tokenIds,
  ])
  const audits = await owner.$client.query(
    `select * from audit_events where token_id = any($1) and action = 'token.revoked'`,
    [tokenIds],
  )
  return { revocations: revocations.rows, audits: audits.rows }
}

describe('revoking', () => {
  test('writes who, side, when, why and from where, once for each token', async () => {
    const [a, b] = [await buildToken(owner, pair), await buildToken(owner, pair)]
    const result = await revokeTokens(
      merchant,
      choice([a.id, b.id], { reason: 'other', note: 'moved on' }),
      use(),
    )
    expect(result).toMatchObject({
      ok: true,
      value: { revokedCount: 2, alreadyRevoked: [], expired: [], missing: 0 },
    })
    const { revocations, audits } = await rowsOf([a.id, b.id])
    expect(revocations).toHaveLength(2)
    expect(audits).toHaveLength(2)
    expect(audits[0]).toMatchObject({
      side: 'merchant',
      user_id: merchant.userId,
      user_name: 'Store owner',
      store_id: pair.storeId,
      partner_id: pair.partnerId,
      reason: 'other',
      note: 'moved on',
      address: '192.0.2.7',
      occurred_at: revocations[0].revoked_at,
    })
    expect(await findToken(partner, a.id, { db })).toMatchObject({
      status: 'revoked',
      revokedBy: 'Store owner',
      revokedFrom: 'merchant',
      reason: 'other',
      note: 'moved on',
    })
  })

  test('two people at once: one revocation, one audit row, the second one learns of it', async () => {
    const token = await buildToken(owner, pair)
    const results = await Promise.all([
      revokeTokens(merchant, choice([token.id]), use()),
      revokeTokens(partner, choice([token.id]), use()),
      revokeTokens(merchant, choice([token.id]), use()),
    ])
    const values = results.map((result) => (result.ok ? result.value : undefined))
    expect(values.map((value) => value?.revokedCount).sort()).toEqual([0, 0, 1])
    expect(values.filter((value) => value?.alreadyRevoked.length === 1)).toHaveLength(2)
    const { revocations, audits } = await rowsOf([token.id])
    expect(revocations).toHaveLength(1)
    expect(audits).toHaveLength(1)
  })

  test('choices that overlap, in opposite orders, never wait for each other for ever', async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => buildToken(owner, pair)))
    const ids = tokens.map(({ id }) => id)
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        revokeTokens(n % 2 ? merchant : partner, choice(n % 2 ? ids : ids.toReversed()), use()),
      ),
    )
    const revoked = results.map((result) => (result.ok ? result.value.revokedCount : Number.NaN))
    expect(revoked.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 10])
    expect((await rowsOf(ids)).audits).toHaveLength(10)
  })

  test('what was revoked or expired meanwhile is said, and the rest is done', async () => {
    const live = await buildToken(owner, pair)
    const expired = await buildToken(owner, { ...pair, createdAt: daysAgo(9), expiresAt: daysAgo(1) })
    const gone = await buildToken(owner, pair)
    await revokeTokens(partner, choice([gone.id]), use())
    const missing = '01900000-0000-7000-8000-000000000000'
    const result = await revokeTokens(merchant, choice([live.id, expired.id, gone.id, missing]), use())
    expect(result).toMatchObject({
      ok: true,
      value: {
        revoked: [{ id: live.id }],
        revokedCount: 1,
        alreadyRevoked: [{ id: gone.id, revokedBy: 'Partner administrator' }],
        expired: [{ id: expired.id }],
        missing: 1,
      },
    })
    expect((await rowsOf([expired.id])).revocations).toHaveLength(0)
  })

  test('a viewer revokes nothing', async () => {
    const token = await buildToken(owner, pair)
    const result = await revokeTokens({ ...merchant, role: 'viewer' }, choice([token.id]), use())
    expect(result).toEqual({ ok: false, refusal: 'not-allowed' })
    expect((await rowsOf([token.id])).revocations).toHaveLength(0)
  })

  test('tokens of another store or another partner are not found, alone or among one’s own', async () => {
    const otherStore = await buildStore(owner)
    const otherPartner = await buildPartner(owner)
    await grantAccess(owner, { store: otherStore, partner: otherPartner })
    const foreign = await buildToken(owner, { storeId: otherStore.id, partnerId: otherPartner.id })
    const own = await buildToken(owner, pair)
    for (const actor of [merchant, partner]) {
      expect(await revokeTokens(actor, choice([foreign.id], { extent: 'with-siblings' }), use())).toEqual({
        ok: false,
        refusal: 'not-found',
      })
    }
    expect(await revokeTokens(partner, choice([own.id, foreign.id]), use())).toMatchObject({
      ok: true,
      value: { revokedCount: 1, missing: 1 },
    })
    expect((await rowsOf([foreign.id])).revocations).toHaveLength(0)
  })

  test('where one row cannot be written nothing is', async () => {
    const tokens = [await buildToken(owner, pair), await buildToken(owner, pair)]
    const ids = tokens.map(({ id }) => id)
    await owner.$client.query(`
      create function fail_second() returns trigger language plpgsql as
        $$ begin if new.token_id = '${ids[1]}' then raise 'no'; end if; return new; end $$;
      create trigger fail_second before insert on audit_events for each row execute function fail_second()`)
    await expect(revokeTokens(merchant, choice(ids), use())).rejects.toThrow()
    await owner.$client.query('drop trigger fail_second on audit_events; drop function fail_second')
    const { revocations, audits } = await rowsOf(ids)
    expect([revocations.length, audits.length]).toEqual([0, 0])
  })
})

test('a revocation without a reason is on record as one, in the audit record and the outbox too', async () => {
  const { id } = await buildToken(owner, pair)
  const result = await revokeTokens(partner, choice([id], { reason: null }), use())
  expect(result).toMatchObject({ ok: true, value: { revoked: [{ id, reason: null }] } })
  const { revocations, audits } = await rowsOf([id])
  expect([revocations[0].reason, audits[0].reason]).toEqual([null, null])
  const { rows } = await owner.$client.query('select details from events where token_id = $1', [id])
  expect(rows).toEqual([{ details: {} }])
})

describe('the forgotten second token', () => {
  test('is named in the review, stays alive when it is left out, and is named in the result', async () => {
    const original = await buildToken(owner, pair)
    const successor = await buildToken(owner, { ...pair, predecessorId: original.id })
    const review = await reviewRevocation(merchant, [successor.id], { db })
    expect(review).toMatchObject({
      live: [{ id: successor.id }],
      siblings: [{ id: original.id }],
      siblingCount: 1,
    })
    const result = await revokeTokens(merchant, choice([successor.id]), use())
    expect(result).toMatchObject({
      ok: true,
      value: { stillLive: [{ id: original.id, status: 'new' }], newAgainIds: [original.id] },
    })
  })

  test('that took over from the chosen one is marked as such, also over one that was replaced between', async () => {
    const first = await buildToken(owner, pair)
    const second = await buildToken(owner, { ...pair, predecessorId: first.id })
    const third = await buildToken(owner, { ...pair, predecessorId: second.id })
    const unrelated = await buildToken(owner, pair)
    const replaced = await revokeTokens(merchant, { ...choice([second.id]), reason: 'replaced' }, use())
    expect(replaced).toMatchObject({ ok: true, value: { successorIds: [third.id], newAgainIds: [] } })
    const result = await revokeTokens(merchant, choice([first.id]), use())
    expect(result).toMatchObject({ ok: true, value: { successorIds: [third.id], stillLiveCount: 2 } })
    const last = await revokeTokens(merchant, choice([third.id]), use())
    expect(last).toMatchObject({
      ok: true,
      value: { successorIds: [], stillLive: [{ id: unrelated.id }] },
    })
  })

  test('dies with the chosen one where it is included', async () => {
    const original = await buildToken(owner, pair)
    const late = await buildToken(owner, { ...pair, predecessorId: original.id })
    const result = await revokeTokens(partner, choice([original.id], { extent: 'with-siblings' }), use())
    expect(result).toMatchObject({ ok: true, value: { revokedCount: 2, stillLive: [] } })
    expect((await rowsOf([late.id])).audits).toHaveLength(1)
  })

  test('of another partner or another store is none', async () => {
    const token = await buildToken(owner, pair)
    const second = await buildPartner(owner)
    const store = { id: pair.storeId, name: `Store ${pair.storeId}` }
    await grantAccess(owner, { store, partner: second })
    const unrelated = await buildToken(owner, { storeId: pair.storeId, partnerId: second.id })
    expect(await reviewRevocation(merchant, [token.id], { db })).toMatchObject({
      siblings: [],
      siblingCount: 0,
    })
    await revokeTokens(merchant, choice([token.id], { extent: 'with-siblings' }), use())
    expect((await rowsOf([unrelated.id])).revocations).toHaveLength(0)
  })

  test('that was made after the review was named to nobody, and stays alive', async () => {
    const [chosen, siblingsUntil] = [await buildToken(owner, pair), daysAgo(1)]
    const named = await buildToken(owner, { ...pair, createdAt: siblingsUntil })
    const later = await buildToken(owner, { ...pair, createdAt: new Date(siblingsUntil.getTime() + 1) })
    const revocation = choice([chosen.id], { extent: 'with-siblings', siblingsUntil })
    const result = await revokeTokens(partner, revocation, use())
    expect(result).toMatchObject({
      ok: true,
      value: { revokedCount: 2, stillLive: [{ id: later.id }], stillLiveCount: 1 },
    })
    expect((await rowsOf([chosen.id, named.id])).revocations).toHaveLength(2)
  })

  test('revoking a successor makes its original New again', async () => {
    const original = await buildToken(owner, pair)
    const successor = await buildToken(owner, { ...pair, predecessorId: original.id })
    expect(await findToken(merchant, original.id, { db })).toMatchObject({ status: 'renewed' })
    await revokeTokens(partner, choice([successor.id]), use())
    expect(await findToken(merchant, original.id, { db })).toMatchObject({ status: 'new' })
  })
})

test('what a review expects of a revocation is what becomes of it', async () => {
  const original = await buildToken(owner, pair)
  const middle = await buildToken(owner, { ...pair, predecessorId: original.id })
  const last = await buildToken(owner, { ...pair, predecessorId: middle.id })
  for (let n = 0; n < 6; n++) await buildToken(owner, pair)
  const by = { id: partner.userId, name: partner.userName }
  const ended = await buildToken(owner, { ...pair, revocation: { side: 'partner', by } })
  const expired = await buildToken(owner, { ...pair, createdAt: daysAgo(9), expiresAt: daysAgo(1) })
  const strange = '00000000-0000-4000-8000-000000000000'
  const tokenIds = [middle.id, ended.id, expired.id, strange]
  const namesOf = (outcome: RevocationOutcome) => ({
    ...outcome,
    revoked: outcome.revoked.map(({ id }) => id),
    alreadyRevoked: outcome.alreadyRevoked.map(({ id }) => id),
    expired: outcome.expired.map(({ id }) => id),
    stillLive: outcome.stillLive.map(({ id }) => id),
  })
  const { expected } = await reviewRevocation(merchant, tokenIds, { db })
  const result = await revokeTokens(merchant, choice(tokenIds), use())
  if (!result.ok) throw new Error(`refused: ${result.refusal}`)
  const { revokedIds: _, ...outcome } = result.value
  expect(namesOf(expected)).toEqual({ ...namesOf(outcome), onStandby: 'confirmed' })
  expect(expected).toMatchObject({ revokedCount: 1, missing: 1, newAgainIds: [original.id] })
  expect(expected.successorIds).toEqual(expected.stillLive.some(({ id }) => id === last.id) ? [last.id] : [])
})

test('the result names whom it made New again, however far back in the chain', async () => {
  const by = { id: partner.userId, name: partner.userName }
  const chainOfThree = async (reason: 'replaced' | 'exposed') => {
    const first = await buildToken(owner, pair)
    const revocation = { side: 'partner', by, reason } as const
    const second = await buildToken(owner, { ...pair, predecessorId: first.id, revocation })
    return { first, third: await buildToken(owner, { ...pair, predecessorId: second.id }) }
  }
  const newAgain = async (tokenId: string) => {
    const result = await revokeTokens(merchant, choice([tokenId]), use())
    return result.ok && result.value.newAgainIds
  }
  const [replaced, exposed] = [await chainOfThree('replaced'), await chainOfThree('exposed')]
  const alone = await buildToken(owner, pair)
  expect(await newAgain(replaced.third.id)).toEqual([replaced.first.id])
  // Its chain had ended before with the second, so that it was New already.
  expect(await newAgain(exposed.third.id)).toEqual([])
  expect(await newAgain(alone.id)).toEqual([])
})

describe('a great many siblings', () => {
  const buildSiblings = (count: number) =>
    Promise.all(Array.from({ length: count }, () => buildToken(owner, pair)))

  test('that are more than the limit are refused, and nothing is revoked', async () => {
    const ids = (await buildSiblings(4)).map(({ id }) => id)
    const chosen = ids.slice(0, 1)
    const tools = { ...use(), maxSiblings: 2 }
    expect(await revokeTokens(merchant, choice(chosen, { extent: 'with-siblings' }), tools)).toEqual({
      ok: false,
      refusal: 'too-many-siblings',
    })
    const { revocations, audits } = await rowsOf(ids)
    expect([revocations.length, audits.length]).toEqual([0, 0])
    expect(await revokeTokens(merchant, choice(chosen), tools)).toMatchObject({
      ok: true,
      value: { revokedCount: 1, stillLiveCount: 3 },
    })
  })

  test('that are as many as the limit are revoked, the ended ones not counted', async () => {
    const [first] = await buildSiblings(3)
    if (!first) throw new Error('no token')
    await buildToken(owner, { ...pair, createdAt: daysAgo(9), expiresAt: daysAgo(1) })
    const by = { id: partner.userId, name: partner.userName }
    await buildToken(owner, { ...pair, revocation: { side: 'partner', by } })
    const tools = { ...use(), maxSiblings: 2 }
    expect(
      await revokeTokens(merchant, choice([first.id], { extent: 'with-siblings' }), tools),
    ).toMatchObject({ ok: true, value: { revokedCount: 3, stillLiveCount: 0 } })
  })

  test('are shown by the first five to expire, and counted up to a hundred', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 102 }, (_, n) => buildToken(owner, { ...pair, expiresAt: inDays(102 - n) })),
    )
    const ids = tokens.map(({ id }) => id)
    const readOthersThan = (chosen: number) => readSiblings(db, merchant, ids.slice(0, chosen), 5)
    const shown = ids
      .toReversed()
      .slice(0, 5)
      .map((id) => ({ id }))
    expect(await readOthersThan(1)).toMatchObject({ shown, count: 'more-than-100' })
    expect(await readOthersThan(2)).toMatchObject({ shown, count: 100 })
    expect(await readOthersThan(96)).toMatchObject({ shown, count: 6 })
    expect(await readOthersThan(97)).toMatchObject({ shown, count: 5 })
    expect(await readOthersThan(98)).toMatchObject({ shown: { length: 4 }, count: 4 })
  })
})

test('a renewal at the same time leaves no token alive behind a revocation with siblings', async () => {
  const outcomes = new Set<unknown>()
  for (let round = 0; round < 40; round += 1) {
    const [original, sibling] = [await buildToken(owner, pair), await buildToken(owner, pair)]
    const chosen = round % 2 ? original : sibling
    const renew = () => renewToken(partner, { tokenId: original.id }, use())
    const revoke = () => revokeTokens(merchant, choice([chosen.id], { extent: 'with-siblings' }), use())
    const [renewed, revoked] =
      round % 4 < 2
        ? await Promise.all([renew(), revoke()])
        : await Promise.all([revoke(), renew()]).then(([second, first]) => [first, second] as const)
    outcomes.add(renewed.ok ? 'renewed' : renewed.refusal)
    expect(revoked).toMatchObject({
      ok: true,
      value: { revokedCount: renewed.ok ? 3 : 2, stillLiveCount: 0 },
    })
    const { rows } = await owner.$client.query(
      `select id from tokens t where store_id = $1 and expires_at > now()
        and not exists (select from revocations r where r.token_id = t.id)`,
      [pair.storeId],
    )
    expect(rows).toEqual([])
  }
  for (const outcome of outcomes) expect(['renewed', 'revoked']).toContain(outcome)
})

describe('the database itself', () => {
  test.each([
    ['update', 'audit_events', `set reason = 'none'`],
    ['update', 'revocations', `set revoked_at = now()`],
    ['update', 'tokens', `set expires_at = now() + interval '9 years'`],
    ['delete from', 'audit_events', ''],
    ['delete from', 'revocations', ''],
    ['delete from', 'tokens', ''],
    ['truncate', 'audit_events', ''],
  ])('refuses the application to %s %s', async (verb, table, rest) => {
    await expect(db.$client.query(`${verb} ${table} ${rest}`)).rejects.toThrow('permission denied')
  })

  test.each(['audit_events', 'revocations', 'tokens'])(
    'refuses even the owner a change of %s',
    async (table) => {
      await expect(owner.$client.query(`delete from ${table}`)).rejects.toThrow('keeps facts')
      await expect(owner.$client.query(`truncate ${table} cascade`)).rejects.toThrow('keeps facts')
    },
  )
})
