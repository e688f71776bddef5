import { beforeEach, describe, expect, test } from 'vitest'
import { readAddresses, readCallsOfDays, readRecentCalls } from '#db/queries/verification/token-usage.ts'
import {
  buildAddresses,
  buildAttempts,
  buildPartner,
  buildStore,
  buildToken,
  buildUsageDays,
  buildUsageHours,
  buildUser,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../../access/actor.ts'
import { hourMs } from '../../time/units.ts'
import { noBlastRadius } from './blast-radius.ts'
import { listTokens } from './list.ts'
import { readListQuery } from './list-query.ts'
import { reviewRevocation } from './review.ts'
import { usageDays } from './usage-days.ts'
import { usageOfToken } from './usage-of-token.ts'

const { db, owner } = prepareTestDatabase()

let merchant: Actor & { storeId: string }
let partner: Actor & { partnerId: string }
/** Of another store and another partner. */
let strangers: Actor[]
let token: (options?: Partial<TokenOptions>) => Promise<string>

beforeEach(async () => {
  const person = { userId: '', userName: '', role: 'viewer' as const }
  const [store, otherStore] = [await buildStore(owner), await buildStore(owner)]
  const [first, other] = [await buildPartner(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner: first })
  merchant = { side: 'merchant', ...person, storeId: store.id }
  partner = { side: 'partner', ...person, partnerId: first.id }
  strangers = [
    { side: 'merchant', ...person, storeId: otherStore.id },
    { side: 'partner', ...person, partnerId: other.id },
  ]
  token = async (options) =>
    (await buildToken(owner, { storeId: store.id, partnerId: first.id, ...options })).id
})

const hourAgo = (hours: number) => new Date(Math.floor(Date.now() / hourMs - hours) * hourMs)
const dayOf = (at: Date) => at.toISOString().slice(0, 10)
const dayAgo = (days: number) =>
  hourAgo(24 * days)
    .toISOString()
    .slice(0, 10)
const sumOf = (days: { calls: number }[] | undefined) => days?.reduce((sum, { calls }) => sum + calls, 0)

async function radiusOf(id: string, actor: Actor = merchant) {
  const { live } = await reviewRevocation(actor, [id], { db })
  return live[0]?.blastRadius
}

describe('days', () => {
  test('both sides see the calls of their tokens, one that was never used has zeros', async () => {
    const [used, unused] = [await token(), await token()]
    await buildUsageDays(owner, used, [{ day: dayAgo(3), calls: 5, refusals: 2 }])
    await buildUsageHours(owner, used, [{ hour: hourAgo(72), calls: 1 }])
    for (const actor of [merchant, partner]) {
      const days = await usageDays(actor, [used, unused], { db })
      expect(days.get(used)?.filter(({ calls }) => calls > 0)).toEqual([
        { day: dayAgo(3), calls: 6, refusals: 2 },
      ])
      expect([days.get(unused)?.length, sumOf(days.get(unused))]).toEqual([30, 0])
    }
  })

  test('the ids of others give nothing', async () => {
    const id = await token()
    await buildUsageDays(owner, id, [{ day: dayAgo(1) }])
    for (const stranger of strangers) {
      expect(await usageDays(stranger, [id], { db })).toEqual(new Map())
    }
    expect(await usageDays(merchant, [], { db })).toEqual(new Map())
  })

  test('a page of tokens has the days of each of them', async () => {
    const ids = [await token(), await token()]
    for (const id of ids) await buildUsageDays(owner, id, [{ day: dayAgo(1), calls: 7 }])
    const page = await listTokens(merchant, readListQuery({}, 'merchant'), { db })
    expect(page.tokens.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(ids.map((id) => sumOf(page.usage.get(id)))).toEqual([7, 7])
  })
})

describe('a token says of itself', () => {
  test('from where, with what and for what it was used last', async () => {
    const lastUse = { lastApi: 'catalog' as const, lastAddress: '192.0.2.1', lastClient: 'sync/1.0' }
    await token({ lastUsedAt: new Date(), lastUse })
    const { tokens } = await listTokens(merchant, readListQuery({}, 'merchant'), { db })
    expect(tokens).toMatchObject([{ ...lastUse, attempts: null }])
  })

  test('how often it was tried after its revocation, when and from where', async () => {
    const by = await buildUser(owner)
    const tokenId = await token({ revocation: { side: 'merchant', by } })
    const [firstAt, lastAt] = [hourAgo(2), hourAgo(1)]
    await buildAttempts(owner, { tokenId, attempts: 14, firstAt, lastAt, lastAddress: '192.0.2.1' })
    const { tokens } = await listTokens(merchant, readListQuery({ show: 'ended' }, 'merchant'), { db })
    expect(tokens.map(({ attempts }) => attempts)).toEqual([
      { count: 14, firstAt, lastAt, lastAddress: '192.0.2.1', lastClient: null },
    ])
  })
})

describe('the blast radius', () => {
  test('is the accepted calls of the last 24 hours, by API, and their addresses', async () => {
    const id = await token()
    await buildUsageHours(owner, id, [
      { hour: hourAgo(0), calls: 3, refusals: 50 },
      { hour: hourAgo(23), calls: 4 },
      { hour: hourAgo(24), calls: 5 },
      { hour: hourAgo(1), api: 'catalog', calls: 20 },
      { hour: hourAgo(1), api: 'payment', calls: 0, refusals: 9 },
      { hour: hourAgo(26), api: 'catalog', calls: 1_000 },
    ])
    await buildAddresses(owner, id, [
      { address: '192.0.2.1', lastUsedAt: hourAgo(1) },
      { address: '192.0.2.2', lastUsedAt: hourAgo(22) },
      { address: '192.0.2.3', lastUsedAt: hourAgo(25) },
    ])
    expect(await radiusOf(id)).toEqual({
      calls: 32,
      apis: [
        { api: 'catalog', calls: 20 },
        { api: 'order', calls: 12 },
      ],
      addresses: 2,
      successor: null,
    })
    expect(await radiusOf(id, partner)).toEqual(await radiusOf(id))
  })

  test('of a token without calls is nothing', async () => {
    expect(await radiusOf(await token())).toEqual(noBlastRadius)
  })

  test.each([
    [100, 100],
    [101, 'more-than-100'],
  ])('of %i addresses says %s', async (count, said) => {
    const id = await token()
    const lastUsedAt = hourAgo(1)
    const addresses = Array.from({ length: count }, (_, n) => ({ address: `192.0.2.${n}`, lastUsedAt }))
    await buildAddresses(owner, id, addresses)
    expect((await radiusOf(id))?.addresses).toBe(said)
  })

  test('names the successor, and when it was used', async () => {
    const id = await token()
    const successor = await token({ predecessorId: id })
    expect((await radiusOf(id))?.successor).toMatchObject({ id: successor, lastUsedAt: null })
    const used = await token()
    const lastUsedAt = hourAgo(3)
    await token({ predecessorId: used, lastUsedAt })
    expect((await radiusOf(used))?.successor).toMatchObject({ lastUsedAt })
  })

  test('names who has called since the successor came into use, the latest first, and who calls with both', async () => {
    const id = await token()
    const successor = await token({ predecessorId: id, adoptedAt: hourAgo(5), lastUsedAt: hourAgo(1) })
    await buildAddresses(owner, id, [
      { address: '192.0.2.1', lastUsedAt: hourAgo(6) },
      { address: '192.0.2.2', lastUsedAt: hourAgo(4) },
      { address: '192.0.2.3', lastUsedAt: hourAgo(2) },
    ])
    await buildAddresses(owner, successor, [{ address: '192.0.2.2', lastUsedAt: hourAgo(1) }])
    expect((await radiusOf(id))?.successor?.stillCalling).toEqual([
      { address: '192.0.2.3', lastUsedAt: hourAgo(2), usesSuccessor: false },
      { address: '192.0.2.2', lastUsedAt: hourAgo(4), usesSuccessor: true },
    ])
    const waiting = await token()
    await token({ predecessorId: waiting })
    await buildAddresses(owner, waiting, [{ address: '192.0.2.1', lastUsedAt: hourAgo(600) }])
    expect((await radiusOf(waiting))?.successor?.stillCalling).toMatchObject([{ address: '192.0.2.1' }])
  })

  test('does not count on a successor that is revoked or has expired', async () => {
    const by = await buildUser(owner)
    const id = await token({ createdAt: hourAgo(9) })
    await token({ predecessorId: id, revocation: { side: 'merchant', by } })
    await token({ predecessorId: id, createdAt: hourAgo(8), expiresAt: hourAgo(1) })
    expect((await radiusOf(id))?.successor).toBeNull()
  })

  test('is read for live tokens of the choice that are in scope, and for no others', async () => {
    const by = await buildUser(owner)
    const [live, ended] = [await token(), await token({ revocation: { side: 'merchant', by } })]
    for (const id of [live, ended]) await buildUsageHours(owner, id, [{ hour: hourAgo(1), calls: 8 }])
    const review = await reviewRevocation(merchant, [live, ended], { db })
    expect(review.live.map(({ id, blastRadius }) => [id, blastRadius.calls])).toEqual([[live, 8]])
    expect(review.live.map(({ days }) => [days.length, sumOf(days)])).toEqual([[30, 8]])
    for (const stranger of strangers) {
      expect(await reviewRevocation(stranger, [live], { db })).toMatchObject({ live: [], missing: 1 })
    }
  })
})

test('no query of usage gives anything of tokens out of its scope', async () => {
  const id = await token()
  await buildUsageHours(owner, id, [{ hour: hourAgo(1) }])
  await buildAddresses(owner, id, [{ address: '192.0.2.1', lastUsedAt: hourAgo(1) }])
  const read = (actor: Actor) => {
    return Promise.all([
      readCallsOfDays(db, actor, [id], 30),
      readRecentCalls(db, actor, [id], { maxAddresses: 100, maxStillCalling: 3 }),
      readAddresses(db, actor, id, { limit: 20, days: 30 }),
    ])
  }
  expect(await read(merchant)).toMatchObject([[{}], [{}], [{}]])
  for (const stranger of strangers) expect(await read(stranger)).toEqual([[], [], []])
})

describe('the usage of one token', () => {
  test('is its days by API, the most used one first, and its latest addresses', async () => {
    const id = await token()
    await buildUsageDays(owner, id, [
      { day: dayAgo(4), calls: 5 },
      { day: dayAgo(4), api: 'catalog', calls: 50 },
      { day: dayAgo(40), api: 'payment' },
    ])
    const addresses = Array.from({ length: 21 }, (_, n) => ({
      address: `192.0.2.${n}`,
      lastUsedAt: hourAgo(n),
    }))
    await buildAddresses(owner, id, addresses)
    const usage = await usageOfToken(partner, id, { db })
    expect(usage?.apis.map(({ api, days }) => [api, days.length, sumOf(days)])).toEqual([
      ['catalog', 30, 50],
      ['order', 30, 5],
    ])
    expect(usage?.addresses).toMatchObject(addresses.slice(0, 20))
    expect(usage?.hasMoreAddresses).toBe(true)
  })

  test('names the days of each address within its own, and the last one where no day was noted', async () => {
    const id = await token()
    await buildAddresses(owner, id, [
      { address: '192.0.2.1', lastUsedAt: hourAgo(0) },
      {
        address: '192.0.2.2',
        lastUsedAt: hourAgo(1),
        firstUsedAt: hourAgo(24 * 50),
        usedDays: `{[${dayAgo(45)},${dayAgo(28)}],[${dayAgo(4)},${dayAgo(3)}]}`,
      },
    ])
    const usage = await usageOfToken(merchant, id, { db })
    expect(usage?.days).toEqual(Array.from({ length: 30 }, (_, n) => dayAgo(29 - n)))
    expect(usage?.addresses).toEqual([
      { address: '192.0.2.1', lastUsedAt: hourAgo(0), firstUsedAt: null, usedOn: [dayOf(hourAgo(0))] },
      {
        address: '192.0.2.2',
        lastUsedAt: hourAgo(1),
        firstUsedAt: hourAgo(24 * 50),
        usedOn: [dayAgo(29), dayAgo(28), dayAgo(4), dayAgo(3), dayOf(hourAgo(1))],
      },
    ])
    expect(usage?.hasMoreAddresses).toBe(false)
  })

  test('of somebody else does not exist', async () => {
    const id = await token()
    await buildAddresses(owner, id, [{ address: '192.0.2.1', lastUsedAt: hourAgo(1) }])
    for (const stranger of strangers) expect(await usageOfToken(stranger, id, { db })).toBeUndefined()
    expect(await usageOfToken(merchant, id, { db })).toMatchObject({ apis: [], addresses: [{}] })
  })
})
