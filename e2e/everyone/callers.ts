import { v7 as uuidv7 } from 'uuid'
import { test as base, inject } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { insertFirstStep } from '#db/queries/people/factors.ts'
import { createMailedSecret } from '#lib/auth/mailed-secret.ts'
import { cookieName } from '#lib/auth/sessions/cookies.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPasskey,
  buildUser,
  buildWebhookEndpoint,
  type UserRow,
} from '#tools/seed/builders.ts'
import { buildCutOff } from '#tools/seed/campaigns.ts'
import type { Product } from '#tools/test-product/product.ts'
import { freeze, plannerOf } from '../fixtures/plans.ts'
import { buildWorld, openSession, type World } from '../fixtures/world.ts'

/** Every kind of person that may stand before a page or an action of a store and of a partner. */
export const callers = [
  'somebody signed out',
  'a disabled user',
  'somebody whose session was ended',
  'somebody whose second step is missing',
  'somebody who works for nobody',
  'the owner of another store',
  'the owner of another partner',
  'a viewer of the store',
  'an administrator of the store',
  'the right merchant',
  'a viewer of the partner',
  'an administrator of the partner',
  'the right partner',
  'an operator',
] as const
export type Caller = (typeof callers)[number]
export type Person = Exclude<Caller, 'somebody signed out'>

/** Those whom the product knows as who they are. */
export const isSignedIn = (caller: Caller) =>
  caller !== 'somebody signed out' &&
  caller !== 'a disabled user' &&
  caller !== 'somebody whose session was ended' &&
  caller !== 'somebody whose second step is missing'
export const signedIn = callers.filter(isSignedIn)

export type Scene = {
  world: World
  /** The store's only token that is named in addresses. */
  token: { id: string; text: string; last: string }
  /** What the other store and the other partner have. */
  others: World
  /** The ids of an endpoint of the store, and of one of the partner. */
  webhooks: { ofStore: string; ofPartner: string }
  /** A cut-off of the two, of before they had tokens. */
  cutOffId: string
  /** Plans of each that nobody has confirmed. */
  plans: { ofStore: string; ofPartner: string }
  /** All of them with the password that tests know. */
  people: Record<Person, UserRow>
  cookieOf: Record<Caller, string>
  sessionOf: Record<Caller, string>
}

type Fixtures = { product: Product; owner: Database; scene: Scene; disabledSession: undefined }

/** One scene for all tests of a file: they look, and what they try to change stays as it is. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures from this pattern.
  product: [async ({}, use) => use(inject('product')), { scope: 'file' }],

  owner: [
    async ({ product }, use) => {
      const owner = connect({
        url: product.ownerUrl,
        applicationName: 'http tests',
        role: 'owner',
        maxConnections: 2,
      })
      await use(owner)
      await owner.$client.end()
    },
    { scope: 'file' },
  ],

  // The product ends it as soon as it is shown: without this, only the first test of a file would be of it.
  disabledSession: [
    async ({ scene, owner }, use) => {
      const id = scene.sessionOf['a disabled user']
      await owner.$client.query('update sessions set ended_at = null where id = $1', [id])
      await use(undefined)
    },
    { auto: true },
  ],

  scene: [
    async ({ owner, product }, use) => {
      const world = await buildWorld(owner)
      const others = await buildWorld(owner)
      const { store, partner } = world
      await owner.$client.query(`update partner_members set role = 'owner' where user_id = any($1)`, [
        [world.partnerAdministrator.id, others.partnerAdministrator.id],
      ])
      const token = await world.issue()
      const webhooks = {
        ofStore: await addWebhook(owner, world.storeOwner, { storeId: store.id }),
        ofPartner: await addWebhook(owner, world.storeOwner, { partnerId: partner.id }),
      }
      const cutOffId = await buildCutOff(owner, {
        ...{ storeId: store.id, partnerId: partner.id, ageDays: 400 },
        by: world.partnerAdministrator,
      })
      const plans = {
        ofStore: await freeze(owner, plannerOf(world, 'merchant')),
        ofPartner: await freeze(owner, plannerOf(world, 'partner')),
      }
      const { passwordHash } = world.storeOwner
      const build = (options: { name: string; disabledAt?: Date; isOperator?: true }) =>
        buildUser(owner, { passwordHash, ...options })
      const administrator = await build({ name: 'Administrator of the store' })
      await addStoreMember(owner, { store, user: administrator, role: 'administrator' })
      const partnerAdministrator = await build({ name: 'Administrator of the partner' })
      await addPartnerMember(owner, { partner, user: partnerAdministrator, role: 'administrator' })
      const partnerViewer = await build({ name: 'Viewer of the partner' })
      await addPartnerMember(owner, { partner, user: partnerViewer, role: 'viewer' })
      // Whom only this keeps out: both own everything.
      const disabled = await build({ name: 'Disabled', disabledAt: new Date() })
      const away = await build({ name: 'Away' })
      // The password was right; the passkey is still to come.
      const halfway = await build({ name: 'Halfway' })
      await buildPasskey(owner, halfway)
      for (const user of [disabled, away, halfway]) {
        await addStoreMember(owner, { store, user, role: 'owner' })
        await addPartnerMember(owner, { partner, user, role: 'owner' })
      }
      const people: Scene['people'] = {
        'a disabled user': disabled,
        'somebody whose session was ended': away,
        'somebody whose second step is missing': halfway,
        'somebody who works for nobody': await build({ name: 'Stranger' }),
        'the owner of another store': others.storeOwner,
        'the owner of another partner': others.partnerAdministrator,
        'a viewer of the store': world.storeViewer,
        'an administrator of the store': administrator,
        'the right merchant': world.storeOwner,
        'a viewer of the partner': partnerViewer,
        'an administrator of the partner': partnerAdministrator,
        'the right partner': world.partnerAdministrator,
        'an operator': await build({ name: 'Operator', isOperator: true }),
      }
      const opened = await Promise.all(
        Object.entries(people).map(async ([caller, user]) => {
          return [caller, await openSession(owner, product, user)] as const
        }),
      )
      await owner.$client.query('update sessions set ended_at = now() where user_id = $1', [away.id])
      const cookies = opened.map(([caller, { name, value }]) => [caller, `${name}=${value}`])
      await owner.$client.query('update sessions set ended_at = now() where user_id = $1', [halfway.id])
      const halfwayCookie = await openFirstStep(owner, product, halfway)
      const sessions = opened.map(([caller, { sessionId }]) => [caller, sessionId])
      await use({
        world,
        token,
        others,
        webhooks,
        cutOffId,
        plans,
        people,
        cookieOf: {
          'somebody signed out': '',
          ...Object.fromEntries(cookies),
          'somebody whose second step is missing': halfwayCookie,
        },
        sessionOf: { 'somebody signed out': '', ...Object.fromEntries(sessions) },
      })
    },
    { scope: 'file' },
  ],
})

/** The cookie of a first step that was right: it is no session. */
async function openFirstStep(owner: Database, product: Product, { id: userId }: { id: string }) {
  const { secret, hash } = createMailedSecret()
  const createdAt = new Date()
  const expiresAt = new Date(createdAt.getTime() + 86_400_000)
  await insertFirstStep(owner, { hash, userId, method: 'password', createdAt, expiresAt })
  const port = Number(new URL(product.webUrl).port)
  return `${cookieName('first-step', { secure: false, port })}=${secret}`
}

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
