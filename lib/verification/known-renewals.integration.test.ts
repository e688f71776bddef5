import { beforeEach, expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { createKnownRenewals } from './known-renewals.ts'

const { db, owner } = prepareTestDatabase()
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
})

test('of a called token it is known since when another one goes on for it, for as long as that one is live', async () => {
  const renewals = createKnownRenewals(db)
  const [old, other] = [await buildToken(owner, pair), await buildToken(owner, pair)]
  const ids = [old.id, other.id]
  await renewals.look(ids)
  expect(ids.map(renewals.renewedAt)).toEqual([null, null])
  const successor = await buildToken(owner, { ...pair, predecessorId: old.id })
  expect(renewals.renewedAt(old.id)).toBeNull()
  await renewals.look(ids)
  expect(ids.map(renewals.renewedAt)).toEqual([successor.createdAt, null])
  await owner.$client.query(
    `insert into revocations (token_id, store_id, partner_id, revoked_at, side) select id, store_id, partner_id, now(), 'partner' from tokens where id = $1`,
    [successor.id],
  )
  await renewals.look(ids)
  expect(renewals.renewedAt(old.id)).toBeNull()
})
