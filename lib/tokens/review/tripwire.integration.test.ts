import { beforeAll, expect, test } from 'vitest'
import {
  buildAttempts,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../../access/actor.ts'
import { dayMs } from '../../time/units.ts'
import { readTripwire } from './tripwire.ts'

const ago = (days: number) => new Date(Date.now() - days * dayMs)

const { db, owner } = prepareTestDatabase()
let by: { id: string; name: string }

beforeAll(async () => {
  by = await buildUser(owner)
})

async function pair() {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  const person = { userId: by.id, userName: by.name, role: 'owner' as const }
  const merchant: Actor = { side: 'merchant', storeId: store.id, ...person }
  const otherSide: Actor = { side: 'partner', partnerId: partner.id, ...person }
  /** A token revoked ten days ago and presented again so many days ago. */
  const triedAgain = async (daysAgo: number, attempts = 1) => {
    const token = await buildToken(owner, {
      storeId: store.id,
      partnerId: partner.id,
      createdAt: ago(20),
      revocation: { side: 'merchant', by, revokedAt: ago(10) },
    })
    const lastAt = ago(daysAgo)
    await buildAttempts(owner, {
      tokenId: token.id,
      attempts,
      firstAt: ago(9),
      lastAt,
      lastAddress: '203.0.113.7',
    })
    return token.id
  }
  return { store, partner, merchant, otherSide, triedAgain }
}

const idsFor = async (actor: Actor) => (await readTripwire(actor, { db })).tokens.map(({ id }) => id)

test('both sides are shown a revoked token that was presented again, how often and from where', async () => {
  const { merchant, otherSide, triedAgain } = await pair()
  const id = await triedAgain(1, 14)
  for (const actor of [merchant, otherSide]) {
    const { tokens, areMore } = await readTripwire(actor, { db })
    expect(tokens).toMatchObject([{ id, attempts: { count: 14, lastAddress: '203.0.113.7' } }])
    expect(areMore).toBe('no-more')
  }
})

test('nobody is shown the tokens of others', async () => {
  const [one, other] = [await pair(), await pair()]
  await one.triedAgain(1)
  expect(await idsFor(other.merchant)).toEqual([])
  expect(await idsFor(other.otherSide)).toEqual([])
})

test('nobody is shown a revoked token that is left alone, nor of one left alone for a week', async () => {
  const { store, partner, merchant, triedAgain } = await pair()
  await buildToken(owner, {
    storeId: store.id,
    partnerId: partner.id,
    revocation: { side: 'merchant', by },
  })
  await triedAgain(7.1)
  const recent = await triedAgain(6.9)
  expect(await idsFor(merchant)).toEqual([recent])
})

test('of more than 200 revoked tokens those that were revoked last are looked through', async () => {
  const { store, partner, merchant } = await pair()
  const ids: string[] = []
  for (let n = 0; n < 201; n++) {
    const { id } = await buildToken(owner, {
      storeId: store.id,
      partnerId: partner.id,
      createdAt: ago(20),
      revocation: { side: 'merchant', by, revokedAt: new Date(ago(10).getTime() + n * 1_000) },
    })
    ids.push(id)
  }
  const [first = '', second = ''] = ids
  const last = ids.at(-1) ?? ''
  for (const [daysAgo, tokenId] of [first, second, last].entries()) {
    await buildAttempts(owner, { tokenId, attempts: 1, firstAt: ago(9), lastAt: ago(daysAgo + 1) })
  }
  expect(await idsFor(merchant)).toEqual([second, last])
})

test('three are named, the latest attempt first, and that there are more is said', async () => {
  const { merchant, triedAgain } = await pair()
  const [third, first, second] = [await triedAgain(3), await triedAgain(1), await triedAgain(2)]
  expect(await readTripwire(merchant, { db })).toMatchObject({ areMore: 'no-more' })
  await triedAgain(4)
  const { tokens, areMore } = await readTripwire(merchant, { db })
  expect([tokens.map(({ id }) => id), areMore]).toEqual([[first, second, third], 'more'])
})
