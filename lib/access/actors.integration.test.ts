import { expect, test } from 'vitest'
import { updateDemand } from '#db/queries/people/factors.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import { actorFor } from './actors.ts'
import { membershipsOf } from './memberships.ts'

const { db, owner } = prepareTestDatabase()

async function signedIn(): Promise<SignedIn> {
  const user = await buildUser(owner)
  return { userId: user.id, name: user.name, email: user.email, sessionId: user.id }
}

test('a member of a store acts for it, in the role that they have there', async () => {
  const user = await signedIn()
  const store = await buildStore(owner)
  await addStoreMember(owner, { store, user: { id: user.userId }, role: 'viewer' })
  expect(await actorFor(user, { side: 'merchant', storeId: store.id }, { db })).toEqual({
    side: 'merchant',
    userId: user.userId,
    userName: user.name,
    role: 'viewer',
    storeId: store.id,
    sessionId: user.sessionId,
  })
})

test('a member of a partner acts for it, in the role that they have there', async () => {
  const user = await signedIn()
  const partner = await buildPartner(owner)
  await addPartnerMember(owner, { partner, user: { id: user.userId } })
  expect(await actorFor(user, { side: 'partner', partnerId: partner.id }, { db })).toMatchObject({
    side: 'partner',
    role: 'administrator',
    partnerId: partner.id,
  })
})

test('somebody else’s store or partner, and ones that are none, look the same', async () => {
  const user = await signedIn()
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  const other = await signedIn()
  await addStoreMember(owner, { store, user: { id: other.userId } })
  await addPartnerMember(owner, { partner, user: { id: other.userId } })
  for (const id of [store.id, 'yhst-99999999999999', '', '\u0000', "' or true --", 'a'.repeat(10_000)]) {
    expect(await actorFor(user, { side: 'merchant', storeId: id }, { db })).toBeNull()
  }
  for (const id of [partner.id, 'ypa-999999999999', '', '\u0000', store.id]) {
    expect(await actorFor(user, { side: 'partner', partnerId: id }, { db })).toBeNull()
  }
})

test('memberships are one’s own, by name', async () => {
  const user = await signedIn()
  const member = { user: { id: user.userId } }
  const [b, a] = [
    await buildStore(owner, { name: 'B' }),
    await buildStore(owner, { name: 'A', package: 'starter' }),
  ]
  const partner = await buildPartner(owner)
  await buildStore(owner)
  await addStoreMember(owner, { store: b, ...member })
  await addStoreMember(owner, { store: a, ...member, role: 'viewer' })
  await addPartnerMember(owner, { partner, ...member })
  expect(await membershipsOf({ ...user, secondFactor: null }, { db })).toEqual({
    stores: [
      { storeId: a.id, name: 'A', package: 'starter', role: 'viewer', access: 'open' },
      { storeId: b.id, name: 'B', package: 'standard', role: 'owner', access: 'open' },
    ],
    partners: [{ partnerId: partner.id, name: partner.name, role: 'administrator', access: 'open' }],
  })
})

test.each([
  { secondFactor: null, access: ['closed', 'open'] },
  { secondFactor: 'passkey', access: ['open', 'open'] },
] as const)(
  'a session with the second factor $secondFactor finds stores and partners that demand one $access.0',
  async ({ secondFactor, access }) => {
    const user = await signedIn()
    const member = { user: { id: user.userId } }
    const [closed, open] = [await buildStore(owner, { name: 'A' }), await buildStore(owner, { name: 'B' })]
    const [closedPartner, openPartner] = [
      await buildPartner(owner, { name: 'A' }),
      await buildPartner(owner, { name: 'B' }),
    ]
    for (const store of [closed, open]) await addStoreMember(owner, { store, ...member })
    for (const partner of [closedPartner, openPartner]) await addPartnerMember(owner, { partner, ...member })
    await updateDemand(owner, { side: 'merchant', storeId: closed.id }, new Date())
    await updateDemand(owner, { side: 'partner', partnerId: closedPartner.id }, new Date())
    const { stores, partners } = await membershipsOf({ ...user, secondFactor }, { db })
    expect(stores.map(({ access }) => access)).toEqual(access)
    expect(partners.map(({ access }) => access)).toEqual(access)
  },
)
