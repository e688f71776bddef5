import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { createTestDatabase, type TestDatabase } from '#db/embedded/test-database.ts'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#db/seed/builders.ts'
import type { MerchantActor, PartnerActor } from '../auth/actors.ts'
import { findToken } from './list.ts'
import { reviewRevocation } from './review.ts'
import { revokeTokens } from './revoke.ts'
import type { Revocation } from './schemas.ts'

let testDatabase: TestDatabase
let db: Database
let owner: Database

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = connect({ url: testDatabase.appUrl, applicationName: 'test' })
  owner = connect({ url: testDatabase.ownerUrl, applicationName: 'test owner', role: 'owner' })
})

afterAll(async () => {
  await Promise.all([db.$client.end(), owner.$client.end()])
  await testDatabase.drop()
})

const dayMs = 86_400_000
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
const use = () => ({ db, address: '192.0.2.7' })

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

  test('two people at once: one revocation, one audit row, the second one is told', async () => {
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
    expect(result).toMatchObject({ ok: true, value: { stillLive: [{ id: original.id, status: 'new' }] } })
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

  test('revoking a successor makes its original New again', async () => {
    const original = await buildToken(owner, pair)
    const successor = await buildToken(owner, { ...pair, predecessorId: original.id })
    expect(await findToken(merchant, original.id, { db })).toMatchObject({ status: 'renewed' })
    await revokeTokens(partner, choice([successor.id]), use())
    expect(await findToken(merchant, original.id, { db })).toMatchObject({ status: 'new' })
  })
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

  test.each(['audit_events', 'revocations'])('refuses even the owner a change of %s', async (table) => {
    await expect(owner.$client.query(`delete from ${table}`)).rejects.toThrow('keeps facts')
    await expect(owner.$client.query(`truncate ${table} cascade`)).rejects.toThrow('keeps facts')
  })
})
