import { expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { countLiveTokensByStore } from './count-live-tokens.ts'

const { db, owner } = prepareTestDatabase()
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

test('the live tokens of each store are counted: neither revoked nor expired ones, and none of another store', async () => {
  const [store, other, empty] = [await buildStore(owner), await buildStore(owner), await buildStore(owner)]
  const partner = await buildPartner(owner)
  for (const one of [store, other]) await grantAccess(owner, { store: one, partner })
  const by = await buildUser(owner)
  const make = (storeId: string, days: number, revoked?: 'revoked') =>
    buildToken(owner, {
      ...{ storeId, partnerId: partner.id, createdAt: inDays(-400), expiresAt: inDays(days) },
      ...(revoked && { revocation: { side: 'merchant', by } }),
    })
  await make(store.id, 29)
  await make(store.id, 300)
  await make(store.id, -1)
  await make(store.id, 300, 'revoked')
  await make(other.id, 2)
  const memberships = [store, other, empty].map(({ id }) => ({ storeId: id }))
  const counts = await countLiveTokensByStore(memberships, { db })
  expect(Object.fromEntries(counts)).toEqual({ [store.id]: 2, [other.id]: 1 })
})
