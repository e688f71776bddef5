import { beforeAll, expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import { tokenHistory } from './history.ts'

const { db, owner } = prepareTestDatabase()

let tokenId: string
let secondTokenId: string
let actors: Record<'merchant' | 'partner' | 'otherMerchant' | 'otherPartner', Actor>

beforeAll(async () => {
  const user = await buildUser(owner, { name: 'Store owner' })
  const [store, otherStore] = [await buildStore(owner), await buildStore(owner)]
  const [partner, otherPartner] = [await buildPartner(owner), await buildPartner(owner)]
  const pair = { storeId: store.id, partnerId: partner.id }
  await grantAccess(owner, { store, partner })
  // Each of the others has dealings with one party of the token.
  await grantAccess(owner, { store: otherStore, partner })
  await grantAccess(owner, { store, partner: otherPartner })
  const by = { id: user.id, name: user.name }
  const token = await buildToken(owner, {
    ...pair,
    issuedBy: { side: 'merchant', by },
    revocation: { side: 'merchant', by, reason: 'other', note: 'moved on', address: '192.0.2.7' },
  })
  tokenId = token.id
  secondTokenId = (await buildToken(owner, pair)).id
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  actors = {
    merchant: { ...person, side: 'merchant', storeId: store.id },
    partner: { ...person, side: 'partner', partnerId: partner.id },
    otherMerchant: { ...person, side: 'merchant', storeId: otherStore.id },
    otherPartner: { ...person, side: 'partner', partnerId: otherPartner.id },
  }
})

test.each(['merchant', 'partner'] as const)(
  'the %s of a token reads what was done about it and no other, the last action first',
  async (side) => {
    expect(await tokenHistory(actors[side], tokenId, { db })).toMatchObject([
      {
        action: 'token.revoked',
        side: 'merchant',
        userName: 'Store owner',
        reason: 'other',
        note: 'moved on',
        address: '192.0.2.7',
      },
      { action: 'token.issued', userName: 'Store owner' },
    ])
    expect(await tokenHistory(actors[side], secondTokenId, { db })).toMatchObject([
      { action: 'token.issued' },
    ])
  },
)

test.each(['otherMerchant', 'otherPartner'] as const)(
  'an %s reads nothing of it, though they deal with the same partner or store',
  async (other) => {
    expect(await tokenHistory(actors[other], tokenId, { db })).toEqual([])
  },
)

test('of a token that there is not, nothing is known', async () => {
  expect(await tokenHistory(actors.merchant, '01900000-0000-7000-8000-000000000000', { db })).toEqual([])
})
