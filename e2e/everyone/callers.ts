import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { addPartnerMember, addStoreMember, buildUser, buildWebhookEndpoint } from '#db/seed/builders.ts'
import { encrypt } from '#lib/encryption.ts'
import { testKeys } from '#lib/test-keyring.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { test as base, buildWorld, openSession, type World } from '../fixtures/test.ts'

/** Every kind of person that may stand before a page or an action of a store and of a partner. */
export const callers = [
  'somebody signed out',
  'a viewer of the store',
  'the owner of another store',
  'an administrator of another partner',
  'the right merchant',
  'the right partner',
  'an operator',
  'a disabled user',
  'somebody whose session was ended',
] as const
export type Caller = (typeof callers)[number]

/** Those who only look as well: what roles may do is tested verb by verb beside the verbs. */
export const readers = [...callers, 'an administrator of the store', 'a viewer of the partner'] as const
export type Reader = (typeof readers)[number]

export type Scene = {
  world: World
  /** The store's only token that is named in addresses. */
  token: { id: string; text: string; last: string }
  /** What the other store and the other partner have. */
  others: World
  /** The ids of an endpoint of the store, and of one of the partner. */
  webhooks: { ofStore: string; ofPartner: string }
  cookieOf: Record<Reader, string>
  sessionOf: Record<Reader, string>
}

/** One scene for all tests of a worker: they look, and what they try to change stays as it is. */
export const test = base.extend<object, { scene: Scene }>({
  scene: [
    async ({ owner, product }, use) => {
      const world = await buildWorld(owner)
      await owner.$client.query(`update partner_members set role = 'owner' where user_id = $1`, [
        world.partnerAdministrator.id,
      ])
      const token = await world.issue()
      const others = await buildWorld(owner)
      const webhooks = {
        ofStore: await addWebhook(owner, world.storeOwner, { storeId: world.store.id }),
        ofPartner: await addWebhook(owner, world.storeOwner, { partnerId: world.partner.id }),
      }
      const disabled = await buildUser(owner, { name: 'Disabled', disabledAt: new Date() })
      await addStoreMember(owner, { store: world.store, user: disabled })
      await addPartnerMember(owner, { partner: world.partner, user: disabled })
      const away = await buildUser(owner, { name: 'Away' })
      await addStoreMember(owner, { store: world.store, user: away })
      await addPartnerMember(owner, { partner: world.partner, user: away })

      const administrator = await buildUser(owner, { name: 'Administrator of the store' })
      await addStoreMember(owner, { store: world.store, user: administrator, role: 'administrator' })
      const partnerViewer = await buildUser(owner, { name: 'Viewer of the partner' })
      await addPartnerMember(owner, { partner: world.partner, user: partnerViewer, role: 'viewer' })

      const operator = await buildUser(owner, { name: 'Operator', isOperator: true })
      const people: Record<Exclude<Reader, 'somebody signed out'>, { id: string }> = {
        'a viewer of the store': world.storeViewer,
        'the owner of another store': others.storeOwner,
        'an administrator of another partner': others.partnerAdministrator,
        'the right merchant': world.storeOwner,
        'the right partner': world.partnerAdministrator,
        'an operator': operator,
        'an administrator of the store': administrator,
        'a viewer of the partner': partnerViewer,
        'a disabled user': disabled,
        'somebody whose session was ended': away,
      }
      const opened = await Promise.all(
        Object.entries(people).map(async ([caller, user]) => {
          return [caller, await openSession(owner, product, user)] as const
        }),
      )
      await owner.$client.query('update sessions set ended_at = now() where user_id = $1', [away.id])
      const cookies = opened.map(([caller, { name, value }]) => [caller, `${name}=${value}`])
      const sessions = opened.map(([caller, { sessionId }]) => [caller, sessionId])
      await use({
        world,
        token,
        others,
        webhooks,
        cookieOf: { 'somebody signed out': '', ...Object.fromEntries(cookies) },
        sessionOf: { 'somebody signed out': '', ...Object.fromEntries(sessions) },
      })
    },
    { scope: 'worker' },
  ],
})

async function addWebhook(
  owner: Database,
  user: { id: string },
  of: { storeId: string } | { partnerId: string },
): Promise<string> {
  const id = uuidv7()
  const encryptedSecret = encrypt(testKeys, createWebhookSecret(), id)
  await buildWebhookEndpoint(owner, {
    ...{ id, url: 'https://example.com/webhooks', encryptedSecret, createdBy: user.id },
    ...of,
  })
  return id
}
