import type { Page } from '@playwright/test'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { webhookAttempts } from '#db/schema/webhook-deliveries.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { type ReceivedWebhook, startTestReceiver } from '#lib/webhooks/delivery/test-receiver.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { buildWebhookDelivery, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { callGateway } from '../fixtures/call-gateway.ts'
import { test as base, expect, type World } from '../fixtures/test.ts'

type Receiver = Awaited<ReturnType<typeof startTestReceiver>>

const test = base.extend<{ receiver: Receiver }>({
  receiver: async ({ product: _ }, use) => {
    const receiver = await startTestReceiver()
    await use(receiver)
    await receiver.stop()
  },
})

/** An endpoint of the store by default, else of the partner, that wants revocations, with a secret that the test knows. */
async function buildEndpoint(
  owner: Database,
  world: World,
  url: string,
  of: { storeId: string } | { partnerId: string } = { storeId: world.store.id },
) {
  const id = uuidv7()
  const secret = createWebhookSecret()
  await buildWebhookEndpoint(owner, {
    ...{ id, url, ...of, createdBy: world.storeOwner.id },
    encryptedSecret: encrypt(testKeys, secret, id),
  })
  return { id, secret, path: `${world.apiSettings}/webhooks/${id}` }
}

async function addEndpoint(page: Page, url: string) {
  await page.getByLabel('Address').fill(url)
  await page.getByRole('button', { name: 'Add endpoint' }).click()
}

test('a token that is revoked in the browser is sent, signed, to the store’s program; failing twice, it is sent thrice', async ({
  page,
  world,
  owner,
  receiver,
  signIn,
}) => {
  const { id, secret } = await buildEndpoint(owner, world, receiver.url)
  const answers = [500, 503]
  receiver.judgeBy(() => ({ status: answers.shift() ?? 200 }))
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  await page.getByText('It may have leaked').click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  for (const attempts of [1, 2, 3]) {
    await expect.poll(() => receiver.received.length).toBe(attempts)
    // As if the wait until the next attempt were over.
    await expect
      .poll(async () => {
        const { rowCount } = await owner.$client.query(
          `update webhook_deliveries set next_attempt_at = now() - interval '1 hour'
           where endpoint_id = $1 and attempts = $2`,
          [id, attempts],
        )
        return rowCount
      })
      .toBe(1)
  }
  const [first] = receiver.received as [ReceivedWebhook]
  expect(receiver.verify(secret, first)).toMatchObject({
    type: 'token.revoked',
    data: { tokenId: token.id, lastCharacters: token.last, reason: 'exposed' },
  })
  expect(first.body).not.toContain(token.text)
  expect(new Set(receiver.received.map((webhook) => `${webhook.id} ${webhook.body}`)).size).toBe(1)
})

test('a partner adds an endpoint; its secret is shown once, and verifies what its program is sent', async ({
  page,
  world,
  owner,
  product,
  receiver,
  signIn,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(world.partnerAdministrator)
  await page.goto(world.partnerTokens)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await addEndpoint(page, receiver.url)
  await expect(page.getByRole('status').filter({ hasText: 'The endpoint is added.' })).toBeFocused()
  const secret = (await page.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  await page.getByRole('button', { name: 'Copy secret' }).click()
  await expect(page.getByText('Copied: secret.')).toHaveRole('status')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  await page.reload()
  await expect(page.getByRole('link', { name: receiver.url })).toBeVisible()
  expect(await page.content()).not.toContain(secret)

  const token = await world.issue()
  await callGateway(product, '/revoke', {
    method: 'POST',
    body: new URLSearchParams({ token: token.text }),
  })
  await expect.poll(() => receiver.received.length).toBe(1)
  const sent = receiver.verify(secret, receiver.received[0] as ReceivedWebhook)
  expect(sent).toMatchObject({ data: { tokenId: token.id, partnerId: world.partner.id } })
  const { rows } = await owner.$client.query(
    `select action from audit_events where partner_id = $1 and action like 'webhook.%'`,
    [world.partner.id],
  )
  expect(rows).toEqual([{ action: 'webhook.added' }])
})

test('rolling a secret asks first, says what it breaks, and shows the new one, which signs from then on', async ({
  page,
  world,
  owner,
  receiver,
  signIn,
}) => {
  const { id, path } = await buildEndpoint(owner, world, receiver.url)
  const kept = async () => {
    const { rows } = await owner.$client.query(
      'select encrypted_secret from webhook_endpoints where id = $1',
      [id],
    )
    return rows[0].encrypted_secret
  }
  const before = await kept()
  await signIn(world.storeOwner)
  await page.goto(path)
  await page.getByRole('link', { name: 'Roll secret' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Roll the secret of this endpoint?' })
  await expect(dialog).toContainText('does not verify')
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused()
  expect(await kept()).toEqual(before)
  await dialog.getByRole('button', { name: 'Roll secret' }).click()
  const secret = (await page.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  expect(await kept()).not.toEqual(before)
  await page.getByRole('link', { name: 'Close' }).click()
  await expect(page.getByLabel('Secret', { exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Send Test Event' }).click()
  await expect.poll(() => receiver.received.length).toBe(1)
  expect(receiver.verify(secret, receiver.received[0] as ReceivedWebhook)).toMatchObject({
    type: 'webhook.test',
  })
})

test('the log shows why a delivery failed, and sends it once more under the same id', async ({
  page,
  world,
  owner,
  receiver,
  signIn,
}) => {
  const { id, path } = await buildEndpoint(owner, world, receiver.url)
  const delivery = await buildWebhookDelivery(owner, { endpointId: id, state: 'failed', attempts: 1 })
  await owner.insert(webhookAttempts).values({
    ...{ id: uuidv7(), deliveryId: delivery.id, attemptedAt: new Date(), durationMs: 12 },
    ...{ status: 503, problem: 'closed for the night' },
  })
  await signIn(world.storeOwner)
  await page.goto(path)
  await page.getByText('1 attempt', { exact: false }).click()
  await expect(page.getByText('closed for the night')).toBeVisible()
  await page.getByRole('button', { name: /^Redeliver/ }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It goes out again' })).toBeFocused()
  await expect.poll(() => receiver.received.map((webhook) => webhook.id)).toEqual([delivery.id])
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('Delivered', { exact: true })).toBeVisible({ timeout: 500 })
  }).toPass()
})

test('a merchant tries out an endpoint: its program is sent a signed test event, the log shows it, and the sixth is too many', async ({
  page,
  world,
  owner,
  receiver,
  signIn,
}) => {
  const { id, secret, path } = await buildEndpoint(owner, world, receiver.url)
  await signIn(world.storeOwner)
  await page.goto(path)
  await page.getByRole('button', { name: 'Send Test Event' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'A test event goes out' })).toBeFocused()
  await expect.poll(() => receiver.received.length).toBe(1)
  const sent = receiver.verify(secret, receiver.received[0] as ReceivedWebhook)
  expect(sent).toMatchObject({ type: 'webhook.test', data: { tokenId: null, storeId: world.store.id } })
  await expect(async () => {
    await page.reload()
    const delivery = page.getByRole('listitem').filter({ hasText: 'webhook.test' })
    await expect(delivery.getByText('Delivered', { exact: true })).toBeVisible({ timeout: 500 })
  }).toPass()
  for (let n = 0; n < 4; n++) {
    await buildWebhookDelivery(owner, { endpointId: id, kind: 'webhook.test', state: 'delivered' })
  }
  await page.getByRole('button', { name: 'Send Test Event' }).click()
  const refusal = page.getByRole('alert').filter({ hasText: 'No more than five test events in ten minutes' })
  await expect(refusal).toBeFocused()
  await expect(refusal).toContainText('Wait 10 minutes at most, then try again.')
  const address = page.getByRole('textbox', { name: 'Address' })
  await expect(address).toHaveValue(receiver.url)
  await expect(address).not.toHaveAttribute('aria-invalid')
  expect(receiver.received).toHaveLength(1)
})

test('without JavaScript a partner tries out an endpoint as well', async ({
  browser,
  world,
  owner,
  receiver,
  signIn,
}) => {
  const { id, secret } = await buildEndpoint(owner, world, receiver.url, {
    partnerId: world.partner.id,
  })
  const context = await browser.newContext({ javaScriptEnabled: false })
  await signIn(world.partnerAdministrator, context)
  const page = await context.newPage()
  await page.goto(`/partners/${world.partner.id}/webhooks/${id}`)
  await page.getByRole('button', { name: 'Send Test Event' }).click()
  await expect(page.getByText('A test event goes out in a moment.')).toBeVisible()
  await expect.poll(() => receiver.received.length).toBe(1)
  const sent = receiver.verify(secret, receiver.received[0] as ReceivedWebhook)
  expect(sent).toMatchObject({ type: 'webhook.test', data: { by: 'partner', partnerId: world.partner.id } })
  await context.close()
})

test('a disabled endpoint says so and redelivers nothing; a removed one is gone', async ({
  page,
  world,
  owner,
  receiver,
  signIn,
}) => {
  const { id, path } = await buildEndpoint(owner, world, receiver.url)
  await buildWebhookDelivery(owner, { endpointId: id, state: 'delivered' })
  await signIn(world.storeOwner)
  await page.goto(path)
  await expect(page.getByRole('button', { name: /^Redeliver/ })).toBeVisible()
  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText('This endpoint is disabled')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send Test Event' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Redeliver/ })).toHaveCount(0)
  await page.getByRole('link', { name: 'Remove…' }).click()
  await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused()
  await page.getByRole('button', { name: 'Remove endpoint' }).click()
  await expect(page.getByText('No program is notified of events yet.')).toBeVisible()
})

for (const [url, words] of [
  ['http://169.254.169.254/latest/meta-data', 'inside a private network'],
  ['http://10.0.0.1/', 'inside a private network'],
  ['https://[::1]:8443/', 'inside a private network'],
  ['https://user:password@127.0.0.1/', 'Leave the user name and the password out'],
] as const) {
  test(`${url} is refused in clear words, and stays typed`, async ({ page, world, signIn }) => {
    await signIn(world.storeOwner)
    await page.goto(`${world.apiSettings}/webhooks`)
    await addEndpoint(page, url)
    await expect(page.getByRole('alert').filter({ hasText: words })).toBeFocused()
    await expect(page.getByLabel('Address')).toHaveValue(url)
  })
}

test('a viewer sees endpoints and deliveries, and no way to change them', async ({ page, world, signIn }) => {
  await signIn(world.storeViewer)
  await page.goto(`${world.apiSettings}/webhooks`)
  await expect(page.getByText('Changing them takes an owner or an administrator.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add endpoint' })).toHaveCount(0)
})
