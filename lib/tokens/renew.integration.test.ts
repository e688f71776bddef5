import { beforeEach, describe, expect, test } from 'vitest'
import { findTokens } from '#db/queries/tokens/tokens.ts'
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
  type UserRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { addPartner } from '../partners/add-partner.ts'
import { dayMs, minuteMs } from '../time/units.ts'
import { collectToken } from './collect.ts'
import { issueToken } from './issue.ts'
import { countIssue } from './issue-limit.ts'
import { issueLimits } from './limits.ts'
import { addYears } from './model/lifetime.ts'
import type { Retirement } from './model/retirement.ts'
import { hashTokenText, lastCharactersOf } from './model/secret.ts'
import { renewTokens } from './renew.ts'
import { findToken } from './review/list.ts'
import { revokeTokens } from './revoke.ts'
import { type RenewRefusal, renewToken } from './test-renewal.ts'

const fromNow = (ms: number) => new Date(Date.now() + ms)

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.7', keys: testKeys }

let user: UserRow
let store: StoreRow
let company: PartnerRow
let merchant: MerchantActor
let partner: PartnerActor
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  user = await buildUser(owner, { name: 'Somebody' })
  store = await buildStore(owner)
  company = await buildPartner(owner)
  await grantAccess(owner, { store, partner: company })
  await addStoreMember(owner, { store, user })
  await addPartnerMember(owner, { partner: company, user })
  pair = { storeId: store.id, partnerId: company.id }
  const person = { userId: user.id, userName: user.name, role: 'administrator' as const }
  merchant = { ...person, side: 'merchant', storeId: store.id }
  partner = { ...person, side: 'partner', partnerId: company.id }
})

async function renew(actor: Actor, renewal: { tokenId: string; expiresAt?: Date; retirement?: Retirement }) {
  const renewed = await renewToken(actor, renewal, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  return renewed.value
}

async function revoke(tokenId: string) {
  const revocation = {
    tokenIds: [tokenId],
    extent: 'chosen' as const,
    reason: 'exposed' as const,
    note: undefined,
  }
  const revoked = await revokeTokens(merchant, revocation, use)
  if (!revoked.ok) throw new Error(revoked.refusal)
}

async function read(tokenId: string) {
  const [token] = await findTokens(db, { side: 'merchant', storeId: store.id }, [tokenId])
  if (!token) throw new Error('no token')
  return token
}

async function successorsOf(tokenId: string): Promise<{ id: string }[]> {
  return (await owner.$client.query('select id from tokens where predecessor_id = $1', [tokenId])).rows
}

async function auditsOf(tokenId: string) {
  const { rows } = await owner.$client.query('select * from audit_events where token_id = $1 order by id', [
    tokenId,
  ])
  return rows
}

type Attempt = { tokenId: string; actor?: Actor; expiresAt?: Date }

const refused: [cause: string, refusal: RenewRefusal, attempt: () => Promise<Attempt>][] = [
  [
    'by a viewer of the store',
    'not-allowed',
    async () => ({ actor: { ...merchant, role: 'viewer' }, tokenId: (await buildToken(owner, pair)).id }),
  ],
  [
    'by a viewer of the partner',
    'not-allowed',
    async () => ({ actor: { ...partner, role: 'viewer' }, tokenId: (await buildToken(owner, pair)).id }),
  ],
  [
    'of another store’s token',
    'not-found',
    async () => {
      const other = await buildStore(owner)
      await grantAccess(owner, { store: other, partner: company })
      return { tokenId: (await buildToken(owner, { ...pair, storeId: other.id })).id }
    },
  ],
  [
    'of another partner’s token',
    'not-found',
    async () => {
      const other = await buildPartner(owner)
      await grantAccess(owner, { store, partner: other })
      return { actor: partner, tokenId: (await buildToken(owner, { ...pair, partnerId: other.id })).id }
    },
  ],
  [
    'of a token that there is not',
    'not-found',
    async () => ({ tokenId: '01900000-0000-7000-8000-000000000000' }),
  ],
  [
    'for a store with the Starter package',
    'package-without-apis',
    async () => {
      const starter = await buildStore(owner, { package: 'starter' })
      await grantAccess(owner, { store: starter, partner: company })
      return { actor: partner, tokenId: (await buildToken(owner, { ...pair, storeId: starter.id })).id }
    },
  ],
  [
    'of a revoked token',
    'revoked',
    async () => {
      const token = await buildToken(owner, pair)
      await revoke(token.id)
      return { tokenId: token.id }
    },
  ],
  [
    'of an expired token',
    'expired',
    async () => {
      const past = { createdAt: fromNow(-2 * dayMs), expiresAt: fromNow(-minuteMs) }
      return { tokenId: (await buildToken(owner, { ...pair, ...past })).id }
    },
  ],
  [
    'of a renewed token',
    'already-renewed',
    async () => {
      const token = await buildToken(owner, pair)
      await renew(partner, { tokenId: token.id })
      return { tokenId: token.id }
    },
  ],
  [
    'for less than a day',
    'too-soon',
    async () => ({ tokenId: (await buildToken(owner, pair)).id, expiresAt: fromNow(dayMs - minuteMs) }),
  ],
  [
    'until no moment at all',
    'too-soon',
    async () => ({ tokenId: (await buildToken(owner, pair)).id, expiresAt: new Date(Number.NaN) }),
  ],
  [
    'for more than five years',
    'too-late',
    async () => ({
      tokenId: (await buildToken(owner, pair)).id,
      expiresAt: addYears(fromNow(minuteMs), 5),
    }),
  ],
]

test.each(refused)(
  'a renewal %s is refused as %s, and nothing is written',
  async (_cause, refusal, attempt) => {
    const { actor = merchant, ...renewal } = await attempt()
    const record = async () => ({
      successors: await successorsOf(renewal.tokenId),
      audits: await auditsOf(renewal.tokenId),
    })
    const before = await record()
    expect(await renewToken(actor, renewal, use)).toEqual({ ok: false, refusal })
    expect(await record()).toEqual(before)
  },
)

describe('the successor', () => {
  test('is valid for exactly one year from its making where nothing is chosen', async () => {
    const token = await buildToken(owner, { ...pair, expiresAt: fromNow(40 * dayMs) })
    const before = Date.now()
    const renewed = await renew(partner, { tokenId: token.id })
    const successor = await read(renewed.id)
    expect(successor.expiresAt).toEqual(addYears(successor.createdAt, 1))
    expect(renewed.expiresAt).toEqual(successor.expiresAt)
    expect(successor.createdAt.getTime()).toBeGreaterThanOrEqual(before - 1)
    expect(successor.createdAt.getTime()).toBeLessThanOrEqual(Date.now() + 1)
  })

  test.each([
    ['a day', () => fromNow(dayMs + minuteMs)],
    ['five years', () => addYears(fromNow(-1), 5)],
  ])('is valid until the chosen moment, %s from now', async (_name, chosen) => {
    const token = await buildToken(owner, pair)
    const expiresAt = chosen()
    const renewed = await renew(merchant, { tokenId: token.id, expiresAt })
    expect(renewed.expiresAt).toEqual(expiresAt)
    expect((await read(renewed.id)).expiresAt).toEqual(expiresAt)
  })

  test('is New, of the same store and partner, with a text of its own; the original is Renewed as it was', async () => {
    const token = await buildToken(owner, pair)
    const renewed = await renew(partner, { tokenId: token.id })
    const collected = await collectToken(partner, { tokenId: renewed.id }, use)
    if (!collected.ok) throw new Error(collected.refusal)
    const { text } = collected.value
    expect(await findToken(merchant, renewed.id, { db })).toMatchObject({
      ...pair,
      status: 'new',
      predecessorId: token.id,
      lastCharacters: lastCharactersOf(text),
    })
    expect(await findToken(merchant, token.id, { db })).toMatchObject({
      status: 'renewed',
      expiresAt: token.expiresAt,
    })
    const { rows } = await owner.$client.query('select hash from tokens where id = $1', [renewed.id])
    expect(rows[0].hash).toEqual(hashTokenText(text))
  })

  test('can be renewed itself', async () => {
    const first = await renew(partner, { tokenId: (await buildToken(owner, pair)).id })
    const second = await renew(merchant, { tokenId: first.id })
    expect(await successorsOf(first.id)).toEqual([{ id: second.id }])
  })

  test('leaves the original to be renewed again once it is revoked, and not before', async () => {
    const token = await buildToken(owner, pair)
    const first = await renew(partner, { tokenId: token.id, expiresAt: fromNow(2 * dayMs) })
    await revoke(first.id)
    const second = await renew(partner, { tokenId: token.id })
    expect((await successorsOf(token.id)).map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
    expect(await renewToken(partner, { tokenId: token.id }, use)).toEqual({
      ok: false,
      refusal: 'already-renewed',
    })
  })
})

test('the renewal stands in the record of the original and of the successor', async () => {
  const token = await buildToken(owner, pair)
  const renewed = await renew(partner, { tokenId: token.id })
  const { createdAt } = await read(renewed.id)
  const noted = {
    id: expect.any(String),
    occurred_at: createdAt,
    side: 'partner',
    user_id: user.id,
    user_name: 'Somebody',
    user_email: user.email,
    user_role: 'administrator',
    store_id: pair.storeId,
    partner_id: pair.partnerId,
    reason: null,
    note: null,
    address: '192.0.2.7',
  }
  const [, ...ofOriginal] = await auditsOf(token.id)
  expect(ofOriginal).toEqual([
    { ...noted, action: 'token.renewed', token_id: token.id, details: { successorId: renewed.id } },
  ])
  expect(await auditsOf(renewed.id)).toEqual([
    { ...noted, action: 'token.issued', token_id: renewed.id, details: { predecessorId: token.id } },
  ])
})

test('renewals of one token at the same time make one successor, and the others learn of it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const token = await buildToken(owner, pair)
    const results = await Promise.all(
      [merchant, partner, merchant, partner].map((actor) => renewToken(actor, { tokenId: token.id }, use)),
    )
    const refusals = results.flatMap((result) => (result.ok ? [] : [result.refusal]))
    expect(refusals).toEqual(['already-renewed', 'already-renewed', 'already-renewed'])
    const renewed = results.find((result) => result.ok)
    expect(await successorsOf(token.id)).toEqual([{ id: renewed?.value.id }])
    const actions = (await auditsOf(token.id)).map(({ action }) => action)
    expect(actions).toEqual(['token.issued', 'token.renewed'])
  }
})

describe('of several tokens at once', () => {
  test('each that is New gets a successor until the same moment, and of the others it is said why not', async () => {
    const [first, second, renewed, revoked] = [
      await buildToken(owner, pair),
      await buildToken(owner, pair),
      await buildToken(owner, pair),
      await buildToken(owner, pair),
    ]
    const expired = await buildToken(owner, {
      ...pair,
      createdAt: fromNow(-2 * dayMs),
      expiresAt: fromNow(-minuteMs),
    })
    const { id: successorId } = await renew(partner, { tokenId: renewed.id })
    await revoke(revoked.id)
    const stranger = await buildPartner(owner)
    const otherStore = await buildStore(owner)
    await grantAccess(owner, { store: otherStore, partner: stranger })
    const foreign = await buildToken(owner, { storeId: otherStore.id, partnerId: stranger.id })
    const expiresAt = fromNow(90 * dayMs)
    const tokenIds = [foreign, expired, revoked, renewed, second, first].map(({ id }) => id)
    const result = await renewTokens(merchant, { tokenIds, expiresAt }, use)
    if (!result.ok) throw new Error(JSON.stringify(result.refusal))
    const { renewed: done, leftOut, missing } = result.value
    expect(new Set(done.map(({ old }) => old.id))).toEqual(new Set([first.id, second.id]))
    for (const { old, successor } of done) {
      expect(old).toMatchObject({ status: 'renewed', successor: { id: successor.id, adoptedAt: null } })
      expect(successor).toMatchObject({ status: 'new', expiresAt, predecessor: { id: old.id } })
    }
    expect(Object.fromEntries(leftOut.map(({ token, obstacle }) => [token.id, obstacle]))).toEqual({
      [renewed.id]: 'already-renewed',
      [revoked.id]: 'revoked',
      [expired.id]: 'expired',
    })
    expect(leftOut.find(({ token }) => token.id === renewed.id)?.token.successor?.id).toBe(successorId)
    expect(missing).toBe(1)
    expect(await successorsOf(foreign.id)).toEqual([])
  })

  test('a partner renews for many stores in one go; a store without APIs is left out', async () => {
    const starter = await buildStore(owner, { package: 'starter' })
    const further = await buildStore(owner)
    for (const each of [starter, further]) await grantAccess(owner, { store: each, partner: company })
    const tokens = [
      await buildToken(owner, pair),
      await buildToken(owner, { ...pair, storeId: starter.id }),
      await buildToken(owner, { ...pair, storeId: further.id }),
    ]
    const result = await renewTokens(partner, { tokenIds: tokens.map(({ id }) => id) }, use)
    if (!result.ok) throw new Error(JSON.stringify(result.refusal))
    expect(result.value.renewed).toHaveLength(2)
    expect(result.value.leftOut).toMatchObject([
      { token: { storeId: starter.id }, obstacle: 'package-without-apis' },
    ])
  })

  test('overlapping choices of both sides at the same time never wait for each other for ever', async () => {
    const further = await buildStore(owner)
    await grantAccess(owner, { store: further, partner: company })
    for (let round = 0; round < 5; round += 1) {
      const tokens = [
        await buildToken(owner, pair),
        await buildToken(owner, { ...pair, storeId: further.id }),
      ]
      const ids = tokens.map(({ id }) => id)
      const results = await Promise.all([
        renewTokens(partner, { tokenIds: ids }, use),
        renewTokens(partner, { tokenIds: ids.toReversed() }, use),
        renewTokens(merchant, { tokenIds: ids }, use),
      ])
      const made = results.flatMap((result) => (result.ok ? result.value.renewed : []))
      expect(made.map(({ old }) => old.id).sort()).toEqual(ids.toSorted())
      for (const id of ids) expect(await successorsOf(id)).toHaveLength(1)
    }
  })
})

describe('a retirement planned at the renewal', () => {
  const planOf = async (tokenId: string) =>
    (await owner.$client.query('select * from retirement_plans where token_id = $1', [tokenId])).rows

  test('stands with who planned it, and in the record of the old token', async () => {
    const token = await buildToken(owner, pair)
    const renewed = await renew(partner, { tokenId: token.id, retirement: { when: 'adopted' } })
    expect(await planOf(token.id)).toMatchObject([
      { successor_id: renewed.id, retire_at: null, side: 'partner', user_id: user.id, settled_at: null },
    ])
    expect((await auditsOf(token.id)).at(-1)).toMatchObject({
      action: 'token.retirement-planned',
      user_name: 'Somebody',
      details: { successorId: renewed.id, when: 'adopted' },
    })
    expect((await findToken(merchant, token.id, { db }))?.plan).toMatchObject({
      retireAt: null,
      by: 'Somebody',
      from: 'partner',
    })
  })

  test('on a date is kept to the millisecond; a token that expires before needs none', async () => {
    const retireAt = fromNow(20 * dayMs)
    const token = await buildToken(owner, pair)
    const brief = await buildToken(owner, { ...pair, expiresAt: fromNow(10 * dayMs) })
    const retirement = { when: 'on-date', retireAt } as const
    const result = await renewTokens(merchant, { tokenIds: [token.id, brief.id], retirement }, use)
    expect(result.ok && result.value.renewed).toHaveLength(2)
    expect(await planOf(token.id)).toMatchObject([{ retire_at: retireAt }])
    expect(await planOf(brief.id)).toEqual([])
  })

  test.each([
    ['that is over', 'retirement-too-soon', -minuteMs],
    ['that is no day at all', 'retirement-too-soon', Number.NaN],
    ['on which the successor is over itself', 'retirement-too-late', 30 * dayMs],
  ])('on a day %s is refused, and nothing is renewed', async (_name, refusal, ms) => {
    const token = await buildToken(owner, pair)
    const retirement = { when: 'on-date', retireAt: fromNow(ms) } as const
    const renewal = { tokenIds: [token.id], expiresAt: fromNow(20 * dayMs), retirement }
    expect(await renewTokens(merchant, renewal, use)).toEqual({ ok: false, refusal })
    expect(await successorsOf(token.id)).toEqual([])
  })
})

test('one person makes tokens in 60 operations an hour, for whichever side; a colleague goes on', async () => {
  const token = await buildToken(owner, pair)
  // Each counts, whatever comes of it.
  for (let n = 0; n < issueLimits.person.points; n++) {
    const result = await renewToken(n % 2 ? merchant : partner, { tokenId: token.id }, use)
    expect(result).not.toMatchObject({ refusal: { kind: 'too-often' } })
  }
  const [successor] = await successorsOf(token.id)
  const renewal = { tokenId: successor?.id ?? '' }
  const limited = { ok: false, refusal: { kind: 'too-often', waitSeconds: expect.any(Number) } }
  for (const actor of [merchant, partner]) expect(await renewToken(actor, renewal, use)).toEqual(limited)
  expect(await issueToken(merchant, { partnerId: company.id }, use)).toEqual(limited)
  const unlisted = { partnerId: (await buildPartner(owner)).id, apis: ['order' as const] }
  expect(await addPartner(merchant, unlisted, use)).toEqual(limited)
  const colleague = await buildUser(owner)
  await addStoreMember(owner, { store, user: colleague })
  expect((await renewToken({ ...merchant, userId: colleague.id }, renewal, use)).ok).toBe(true)
  // The brake works, however often it was used.
  await revoke(token.id)
})

test('all members of a store together make tokens in 300 operations an hour; it costs the partner none', async () => {
  const token = await buildToken(owner, pair)
  for (let n = 0; n < issueLimits.party.points; n++) {
    const colleague = { ...merchant, userId: `colleague ${n % 5}` }
    expect(await countIssue(colleague, { db })).toEqual({ ok: true, value: null })
  }
  const limited = { ok: false, refusal: { kind: 'too-often-together', waitSeconds: expect.any(Number) } }
  expect(await renewToken(merchant, { tokenId: token.id }, use)).toEqual(limited)
  expect(await issueToken(merchant, { partnerId: company.id }, use)).toEqual(limited)
  const unlisted = { partnerId: (await buildPartner(owner)).id, apis: ['order' as const] }
  expect(await addPartner(merchant, unlisted, use)).toEqual(limited)
  expect((await renewToken(partner, { tokenId: token.id }, use)).ok).toBe(true)
  // The brake works, however often it was used.
  await revoke(token.id)
})

test('who is refused for themselves uses up nothing that their colleagues have', async () => {
  const ask = (userId: string) => countIssue({ ...partner, userId }, { db })
  const { person, party } = issueLimits
  for (let n = 0; n < person.points + party.points; n++) await ask('alone')
  expect(await ask('alone')).toMatchObject({ ok: false, refusal: { kind: 'too-often' } })
  expect(await ask('a colleague')).toEqual({ ok: true, value: null })
})

test('revoking is never limited, and counts towards nothing', async () => {
  for (let n = 0; n <= issueLimits.person.points; n++) await revoke((await buildToken(owner, pair)).id)
  const token = await buildToken(owner, pair)
  expect((await renewToken(merchant, { tokenId: token.id }, use)).ok).toBe(true)
})
