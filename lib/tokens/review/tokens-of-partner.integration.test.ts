import { beforeEach, expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../../access/actors.ts'
import { maxTokensDrawn, tokensOfPartner } from './tokens-of-partner.ts'

const { db, owner } = prepareTestDatabase()
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)

let merchant: MerchantActor
let partnerId: string
let token: (days: number, options?: Partial<Parameters<typeof buildToken>[1]>) => Promise<string>

beforeEach(async () => {
  const [store, otherStore] = [await buildStore(owner), await buildStore(owner)]
  const [partner, other] = [await buildPartner(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  for (const pair of [
    { store: otherStore, partner },
    { store, partner: other },
  ]) {
    await grantAccess(owner, pair)
    await buildToken(owner, { storeId: pair.store.id, partnerId: pair.partner.id })
  }
  merchant = { side: 'merchant', userId: '', userName: '', role: 'viewer', storeId: store.id }
  partnerId = partner.id
  token = async (days, options) =>
    (await buildToken(owner, { storeId: store.id, partnerId, createdAt: daysAgo(days), ...options })).id
})

test('a store sees all that it gave to a partner, live or ended, the newest first, and nothing of other pairs', async () => {
  const by = await buildUser(owner)
  const old = await token(9, { expiresAt: daysAgo(1) })
  const dead = await token(8, { revocation: { side: 'partner', by } })
  const live = await token(7, { predecessorId: old })
  const { tokens, older } = await tokensOfPartner(merchant, partnerId, { db })
  expect(tokens.map(({ id, status }) => [id, status])).toEqual([
    [live, 'new'],
    [dead, 'revoked'],
    [old, 'expired'],
  ])
  expect(older).toBe(0)
})

test('what is too much to draw is counted', async () => {
  for (let n = 0; n < maxTokensDrawn + 3; n++) await token(n)
  const { tokens, older } = await tokensOfPartner(merchant, partnerId, { db })
  expect([tokens.length, older]).toEqual([maxTokensDrawn, 3])
})
