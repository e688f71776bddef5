import { expect, test } from 'vitest'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { undone } from './undone.ts'

const { db, owner } = prepareTestDatabase()

test('a verb that commits does its work in a benchmark, and nothing of it stays', async () => {
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user, role: 'owner' })
  const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  const actor = {
    ...{ side: 'merchant' as const, storeId: store.id },
    ...{ userId: user.id, userName: user.name, role: 'owner' as const },
  }
  const chosen = { tokenIds: [id], reason: 'exposed' as const, note: undefined, extent: 'chosen' as const }
  const count = async () =>
    (await owner.$client.query('select from revocations where token_id = $1', [id])).rowCount
  const revoked = await undone(db, (tx) => revokeTokens(actor, chosen, { db: tx, address: null }))
  expect(revoked).toMatchObject({ ok: true, value: { revokedCount: 1, onStandby: 'confirmed' } })
  expect(await count()).toBe(0)
})
