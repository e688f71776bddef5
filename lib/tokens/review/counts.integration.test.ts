import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { countedExactly, countOwnTokens } from './counts.ts'

const { db, owner } = prepareTestDatabase()
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const exactly = (count: number) => ({ count, more: 'no' })

async function world() {
  const by = await buildUser(owner)
  const [store, other] = [await buildStore(owner), await buildStore(owner)]
  const [partner, second] = [await buildPartner(owner), await buildPartner(owner)]
  for (const one of [store, other]) await grantAccess(owner, { store: one, partner })
  await grantAccess(owner, { store, partner: second })
  const make = (storeId: string, partnerId: string, days: number, revoked?: 'revoked') =>
    buildToken(owner, {
      ...{ storeId, partnerId, createdAt: inDays(-400), expiresAt: inDays(days) },
      ...(revoked && { revocation: { side: 'merchant', by } }),
    })
  const person = { role: 'viewer', userId: by.id, userName: by.name } as const
  return {
    ...{ store, other, partner, second, make },
    merchant: { ...person, side: 'merchant', storeId: store.id } as const,
    asPartner: { ...person, side: 'partner', partnerId: partner.id } as const,
  }
}

test('each tab has the number of tokens that it holds, and each side counts its own', async () => {
  const { store, other, partner, second, make, merchant, asPartner } = await world()
  for (const days of [1, 29, 31, 300, -1]) await make(store.id, partner.id, days)
  await make(store.id, second.id, 40)
  await make(store.id, second.id, 3, 'revoked')
  await make(store.id, second.id, -3, 'revoked')
  await make(other.id, partner.id, 2)
  expect(await countOwnTokens(merchant, { db })).toEqual({
    ...{ active: exactly(5), expiring: exactly(2), ended: exactly(3), parties: exactly(2) },
  })
  expect(await countOwnTokens(asPartner, { db })).toEqual({
    ...{ active: exactly(5), expiring: exactly(3), ended: exactly(1), parties: exactly(2) },
  })
})

test('nothing is counted as nothing', async () => {
  const { merchant } = await world()
  const none = exactly(0)
  expect(await countOwnTokens(merchant, { db })).toEqual({
    ...{ active: none, expiring: none, ended: none, parties: none },
  })
})

test(`beyond ${countedExactly} the number goes no further, and says so; those that expire first stay exact`, async () => {
  const { store, partner, make, merchant } = await world()
  for (const days of [1, 2]) await make(store.id, partner.id, days)
  await make(store.id, partner.id, 3, 'revoked')
  const many = (first: string, days: string, count: number) => sql`
    insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
    select gen_random_uuid(), sha256((${first}::text || n || ${store.id})::bytea), 'abcd', ${store.id}, ${partner.id},
      now() - interval '400 days', now() + ${days}::interval + n * interval '1 minute'
    from generate_series(1, ${count}::int) n`
  await owner.execute(many('live', '40 days', countedExactly - 1))
  const counts = await countOwnTokens(merchant, { db })
  expect(counts.active).toEqual({ count: countedExactly, more: 'maybe' })
  expect(counts).toMatchObject({ expiring: exactly(2), parties: { count: 1, more: 'maybe' } })
  await owner.execute(many('past', '-300 days', countedExactly - 2))
  expect((await countOwnTokens(merchant, { db })).ended).toEqual(exactly(countedExactly - 1))
  for (const days of [-8, -9]) await make(store.id, partner.id, days)
  expect((await countOwnTokens(merchant, { db })).ended).toEqual(exactly(countedExactly + 1))
  for (const days of [-8, -9]) await make(store.id, partner.id, days)
  expect((await countOwnTokens(merchant, { db })).ended).toEqual({ count: countedExactly, more: 'maybe' })
})
