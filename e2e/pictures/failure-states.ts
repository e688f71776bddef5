import { type BrowserContext, expect, type Page } from '@playwright/test'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { mails } from '#db/schema/mails.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { collectToken } from '#lib/tokens/collect.ts'
import { renewToken } from '#lib/tokens/test-renewal.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { addStoreMember, buildInvitation, buildUser, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import type { OwnProduct } from '#tools/test-product/product.ts'
import { openSession, password, type World } from '../fixtures/world.ts'

export type Stage = { page: Page; world: World; owner: Database; product: OwnProduct }

/** One failure as people see it: `show` brings the page there, `after` makes the product whole again. */
export type FailureState = {
  javaScriptEnabled?: false
  show: (stage: Stage) => Promise<void>
  after?: (stage: Stage) => Promise<void>
}

/** Who signs in has proven who they are a day ahead of now; with `stale` too long ago. */
export async function signIn(
  { owner, product }: Pick<Stage, 'owner' | 'product'>,
  context: BrowserContext,
  user: { id: string },
  proof: 'fresh' | 'stale' = 'fresh',
) {
  const { name, value, sessionId } = await openSession(owner, product, user)
  await context.addCookies([{ name, value, url: product.webUrl, httpOnly: true, sameSite: 'Lax' }])
  if (proof === 'stale') {
    await owner.$client.query(`update sessions set proved_at = now() - interval '1 hour' where id = $1`, [
      sessionId,
    ])
  }
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)
const membersOf = ({ world, product }: Stage) => `${product.webUrl}/stores/${world.store.id}/members`
const dialogOf = async (stage: Stage, query: string) => {
  await stage.page.goto(`${stage.product.webUrl}${stage.world.apiSettings}?${query}`)
  return stage.page.getByRole('alertdialog')
}

/** Somebody of the store who has added a webhook, planned a retirement and been shown a token. */
export async function buildLeaver({ world, owner }: Pick<Stage, 'world' | 'owner'>) {
  const user = await buildUser(owner, { name: 'Order desk' })
  await addStoreMember(owner, { store: world.store, user, role: 'administrator' })
  const actor = {
    ...{ side: 'merchant' as const, userId: user.id, userName: user.name },
    ...{ role: 'administrator' as const, storeId: world.store.id },
  }
  const use = { db: owner, address: '192.0.2.1', keys: testKeys }
  const token = await world.issue()
  const renewed = await renewToken(actor, { tokenId: token.id, retirement: { when: 'adopted' } }, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  await collectToken(actor, { tokenId: renewed.value.id }, use)
  await addWebhook(owner, { storeId: world.store.id, createdBy: user.id })
  return user
}

export async function addWebhook(
  owner: Database,
  endpoint: { storeId: string; createdBy: string; failingSince?: Date },
) {
  const id = uuidv7()
  await buildWebhookEndpoint(owner, {
    ...{ id, url: `https://orders-${id.slice(-4)}.example.com/webhooks` },
    ...{ encryptedSecret: encrypt(testKeys, createWebhookSecret(), id), createdAt: hoursAgo(400) },
    ...endpoint,
  })
  return id
}

/** A mail that was tried and will not be tried again. */
export async function giveUpMail(owner: Database, to: { toAddress: string; userId?: string }) {
  await owner.insert(mails).values({
    ...{ id: uuidv7(), subject: 'You are invited', body: null, attempts: 1, ...to },
    ...{ createdAt: hoursAgo(3), givenUpAt: hoursAgo(3) },
    lastError: '550 5.1.1 The mailbox does not exist',
  })
}

async function revokeIn(stage: Stage) {
  const token = await stage.world.issue()
  const dialog = await dialogOf(stage, `revoke=${token.id}`)
  await dialog.getByText('It may have leaked').click()
  return { dialog, confirm: dialog.getByRole('button', { name: 'Revoke', exact: true }) }
}

/** What people see of each failure, by the name of its picture. */
export const failureStates: Record<string, FailureState> = {
  'database-gone': {
    show: async (stage) => {
      const { dialog, confirm } = await revokeIn(stage)
      await stage.product.database.stop()
      await confirm.click()
      await dialog.getByRole('alert').getByText('The database did not answer').waitFor()
    },
    after: ({ product }) => product.database.start(),
  },
  'held-by-others': {
    show: async (stage) => {
      const { dialog, confirm } = await revokeIn(stage)
      const other = await stage.owner.$client.connect()
      await other.query('begin')
      await other.query('select from partner_access where store_id = $1 for update', [stage.world.store.id])
      await confirm.click()
      await dialog.getByRole('alert').getByText(/./).first().waitFor()
      other.release(true)
    },
  },
  'not-yet-on-the-standby': {
    show: async (stage) => {
      await waitForStandby(stage, 'on')
      const { confirm } = await revokeIn(stage)
      await confirm.click()
      await stage.page.getByText('The standby database').waitFor()
    },
    after: (stage) => waitForStandby(stage, 'local'),
  },
  'webhook-failing': {
    show: async ({ page, world, owner, product }) => {
      const made = { storeId: world.store.id, createdBy: world.storeOwner.id }
      await addWebhook(owner, made)
      await addWebhook(owner, { ...made, failingSince: hoursAgo(30) })
      await page.goto(`${product.webUrl}${world.apiSettings}/webhooks`)
      await page.getByText('Failing since').waitFor()
    },
  },
  'mail-given-up': {
    show: async (stage) => {
      const { page, world, owner } = stage
      const email = 'order-desk@example.com'
      await buildInvitation(owner, { storeId: world.store.id, email, invitedBy: world.storeOwner })
      await giveUpMail(owner, { toAddress: email })
      await owner.$client.query(
        `update invitations set mail_id = (select max(id::text)::uuid from mails) where store_id = $1`,
        [world.store.id],
      )
      await page.goto(membersOf(stage))
      await page.getByText('The mail was given up').waitFor()
    },
  },
  'what-a-member-leaves-behind': {
    show: async (stage) => {
      const leaver = await buildLeaver(stage)
      await stage.page.goto(`${membersOf(stage)}?remove=${leaver.id}`)
      await stage.page.getByText('What they leave behind').waitFor()
    },
  },
  'proof-asked-for': {
    show: async (stage) => {
      await signIn(stage, stage.page.context(), stage.world.storeOwner, 'stale')
      await stage.page.goto(membersOf(stage))
      await stage.page.getByLabel('E-mail address').fill('order-desk@example.com')
      await stage.page.getByRole('button', { name: 'Invite', exact: true }).click()
      await stage.page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    },
  },
  'typing-kept-after-a-proof': {
    show: async (stage) => {
      await failureStates['proof-asked-for']?.show(stage)
      await stage.page.getByLabel('Password').fill(password)
      await stage.page.getByRole('button', { name: 'Confirm', exact: true }).click()
      await stage.page.getByText('what you typed is still here').waitFor()
    },
  },
  'second-factor-demanded': {
    show: async ({ page, world, owner, product }) => {
      await owner.$client.query('update stores set second_factor_demanded_at = now() where id = $1', [
        world.store.id,
      ])
      await page.goto(`${product.webUrl}/my-services`)
      await page.getByText('asks for a second factor').waitFor()
    },
  },
  'out-of-date-without-scripts': {
    javaScriptEnabled: false,
    show: async ({ page, product }) => {
      await page.goto(`${product.webUrl}/apply`)
      await page.locator('form [name=company]').fill('Tern & Sons')
      await page.locator('form [name=description]').fill('Reads orders and prints the labels of parcels.')
      await page.locator('[name$=":0"]').evaluateAll((fields) => {
        for (const field of fields as HTMLInputElement[]) {
          field.value = field.value.replace(/[0-9a-f]{42}/, 'b'.repeat(42))
        }
      })
      await page.getByRole('button', { name: 'Send application' }).click()
      await page.getByRole('heading', { name: 'This page is out of date' }).waitFor()
    },
  },
}

/** What PostgreSQL is started with: there is a standby to wait for, which is away; nobody waits for it yet. */
export const missingStandby = ['synchronous_standby_names=nobody', 'synchronous_commit=local']

/** `on`: commits of new connections wait for the standby. */
async function waitForStandby({ owner, product, page }: Stage, synchronousCommit: 'on' | 'local') {
  const database = new URL(product.ownerUrl).pathname.slice(1)
  await owner.$client.query(`alter database ${database} set synchronous_commit = ${synchronousCommit}`)
  await product.database.stop()
  await product.database.start()
  const readiness = async () => (await page.request.get(`${product.webUrl}/readyz`)).status()
  await expect.poll(readiness, { timeout: 60_000 }).toBe(200)
}
