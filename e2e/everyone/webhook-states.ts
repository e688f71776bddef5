import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { webhookAttempts } from '#db/schema/webhook-deliveries.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { writeCursor } from '#lib/http/paging.ts'
import { webhookKinds } from '#lib/webhooks/kinds.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { buildWebhookDelivery, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { expect, type World } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

const partnerWebhooks = ({ partner }: World) => `/partners/${partner.id}/webhooks`
const storeWebhooks = ({ apiSettings }: World) => `${apiSettings}/webhooks`

/** What both sides see of their webhooks. */
export const webhookStates: Record<string, PageState> = {
  'webhooks of a store without endpoints': {
    as: 'merchant',
    show: (page, world) => page.goto(storeWebhooks(world)),
  },
  'webhooks of a store for a viewer': {
    as: 'viewer',
    show: async (page, world, owner) => {
      await fill(owner, world, { storeId: world.store.id })
      await page.goto(storeWebhooks(world))
      await expect(page.getByText('Disabled')).toBeVisible()
    },
  },
  'webhooks of a partner with endpoints and a refusal': {
    as: 'partner',
    show: async (page, world, owner) => {
      await fill(owner, world, { partnerId: world.partner.id })
      await page.goto(partnerWebhooks(world))
      await page.getByLabel('Address').fill('http://10.0.0.1/')
      await page.getByRole('button', { name: 'Add endpoint' }).click()
      await expect(page.getByText('inside a private network')).toBeVisible()
    },
  },
  'webhooks of a partner after one was added, with its secret': {
    as: 'partner',
    show: async (page, world) => {
      await page.goto(partnerWebhooks(world))
      await page.getByLabel('Address').fill('http://127.0.0.1:9/')
      await page.getByRole('button', { name: 'Add endpoint' }).click()
      await expect(page.getByLabel('Secret', { exact: true })).toBeVisible()
    },
  },
  'a webhook of a store with its deliveries': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { enabled } = await fill(owner, world, { storeId: world.store.id })
      await page.goto(`${storeWebhooks(world)}/${enabled}`)
      for (const delivery of await page.locator('summary').all()) await delivery.click()
      await expect(page.getByText('Closed for the night')).toBeVisible()
    },
  },
  'a webhook of a store for a viewer, without deliveries': {
    as: 'viewer',
    show: async (page, world, owner) => {
      const { disabled } = await fill(owner, world, { storeId: world.store.id })
      await page.goto(`${storeWebhooks(world)}/${disabled}`)
      await expect(page.getByText('Nothing was sent in the last 30 days.')).toBeVisible()
    },
  },
  'a webhook of a partner with the deliveries before the last ones': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { enabled, oldest } = await fill(owner, world, { partnerId: world.partner.id })
      await page.goto(`${partnerWebhooks(world)}/${enabled}?after=${writeCursor([oldest])}`)
      await expect(page.getByText('No delivery is older.')).toBeVisible()
    },
  },
  'a webhook of a store whose secret is to be rolled': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { enabled } = await fill(owner, world, { storeId: world.store.id })
      await page.goto(`${storeWebhooks(world)}/${enabled}?roll`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
  'a webhook of a partner whose secret was rolled': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { enabled } = await fill(owner, world, { partnerId: world.partner.id })
      await page.goto(`${partnerWebhooks(world)}/${enabled}?roll`)
      await page.getByRole('button', { name: 'Roll secret' }).click()
      await expect(page.getByLabel('Secret', { exact: true })).toBeVisible()
    },
  },
  'a webhook of a partner that is to be removed': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { enabled } = await fill(owner, world, { partnerId: world.partner.id })
      await page.goto(`${partnerWebhooks(world)}/${enabled}?remove`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
}

/** Two endpoints with addresses as long as they get; one has a delivery in each state. */
async function fill(
  owner: Database,
  { storeOwner }: World,
  of: { storeId: string } | { partnerId: string },
): Promise<{ enabled: string; disabled: string; oldest: string }> {
  const build = async (isDisabled: boolean) => {
    const id = uuidv7()
    await buildWebhookEndpoint(owner, {
      ...{ id, ...of, createdBy: storeOwner.id, kinds: [...webhookKinds] },
      url: `https://${'example.'.repeat(20)}com/${'webhooks'.repeat(30)}`,
      encryptedSecret: encrypt(testKeys, createWebhookSecret(), id),
      disabledAt: isDisabled ? new Date() : null,
    })
    return id
  }
  const [enabled, disabled] = [await build(false), await build(true)]
  const payload = JSON.stringify({ type: 'token.revoked', data: { note: 'Unbroken'.repeat(40) } })
  const sent = (minutesAgo: number) => ({
    endpointId: enabled,
    payload,
    createdAt: new Date(Date.now() - minutesAgo * 60_000),
  })
  const failed = await buildWebhookDelivery(owner, { ...sent(9), state: 'failed', attempts: 8 })
  const nextAttemptAt = new Date(Date.now() + 86_400_000)
  const waiting = await buildWebhookDelivery(owner, { ...sent(5), attempts: 7, nextAttemptAt })
  const kind = 'token.refused_after_revocation'
  const delivered = await buildWebhookDelivery(owner, { ...sent(1), kind, state: 'delivered', attempts: 1 })
  const attempt = (deliveryId: string) => ({ id: uuidv7(), deliveryId, attemptedAt: new Date() })
  await owner.insert(webhookAttempts).values([
    { ...attempt(failed.id), durationMs: 12, status: 503, problem: 'Closed for the night' },
    { ...attempt(failed.id), durationMs: 10_000, problem: 'Timeout'.repeat(40) },
    { ...attempt(delivered.id), durationMs: 12, status: 204 },
    { ...attempt(waiting.id), durationMs: 12, status: 500, problem: 'مغلق الآن' },
  ])
  return { enabled, disabled, oldest: failed.id }
}
