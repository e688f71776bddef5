import type { Page } from '@playwright/test'
import { type ReceivedWebhook, startTestReceiver } from '#lib/webhooks/test-receiver.ts'
import { test as base, expect } from '../fixtures/test.ts'

type Receiver = Awaited<ReturnType<typeof startTestReceiver>>

const test = base.extend<{ receiver: Receiver }>({
  receiver: async ({ product: _ }, use) => {
    const receiver = await startTestReceiver()
    await use(receiver)
    await receiver.stop()
  },
})

async function addEndpoint(page: Page, url: string) {
  await page.getByLabel('Address').fill(url)
  await page.getByRole('button', { name: 'Add endpoint' }).click()
}

async function addAndReadSecret(page: Page, url: string) {
  await addEndpoint(page, url)
  await expect(page.getByRole('status').filter({ hasText: 'The endpoint is added.' })).toBeFocused()
  return page.getByLabel('Secret', { exact: true }).inputValue()
}

async function revoke(page: Page, list: string, tokenId: string) {
  await page.goto(`${list}?revoke=${tokenId}`)
  await page.getByText('Exposed').click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('is revoked').first()).toBeVisible()
}

test('both sides’ programs are told, signed, of a revocation in the browser; a failing one is told again', async ({
  page,
  world,
  receiver,
  signIn,
}) => {
  const ofPartner = await startTestReceiver()
  const answers = [500, 503]
  receiver.judgeBy(() => ({ status: answers.shift() ?? 200 }))
  await signIn(world.partnerAdministrator)
  await page.goto(world.partnerTokens)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  const partnerSecret = await addAndReadSecret(page, ofPartner.url)
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  const storeSecret = await addAndReadSecret(page, receiver.url)
  await page.reload()
  expect(await page.content()).not.toContain(storeSecret)

  const token = await world.issue()
  await revoke(page, world.apiSettings, token.id)
  await expect.poll(() => ofPartner.received.length).toBe(1)
  const told = ofPartner.verify(partnerSecret, ofPartner.received[0] as ReceivedWebhook)
  expect(told).toMatchObject({ type: 'token.revoked', data: { tokenId: token.id, reason: 'exposed' } })
  expect(ofPartner.received[0]?.body).not.toContain(token.text)
  await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(2)
  expect(receiver.verify(storeSecret, receiver.received[0] as ReceivedWebhook)).toEqual(told)
  expect(receiver.received[1]).toMatchObject({
    id: receiver.received[0]?.id,
    body: receiver.received[0]?.body,
  })

  await page.goto(`${world.apiSettings}/webhooks`)
  await page.getByRole('link', { name: receiver.url }).click()
  await page.getByText('2 attempts').click()
  await expect(page.getByText('Waiting', { exact: true })).toBeVisible()
  await expect(page.getByText(/· 503 ·/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Redeliver/ })).toHaveCount(0)
  await ofPartner.stop()
})

test('what was delivered is sent once more under the same id, and a removed endpoint is gone', async ({
  page,
  world,
  receiver,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/webhooks`)
  await addAndReadSecret(page, receiver.url)
  await revoke(page, world.apiSettings, (await world.issue()).id)
  await expect.poll(() => receiver.received.length).toBe(1)
  await page.goto(`${world.apiSettings}/webhooks`)
  await page.getByRole('link', { name: receiver.url }).click()
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('Delivered', { exact: true })).toBeVisible({ timeout: 500 })
  }).toPass()
  await page.getByRole('button', { name: /^Redeliver/ }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It goes out again' })).toBeFocused()
  await expect.poll(() => receiver.received.length).toBe(2)
  expect(receiver.received[1]?.id).toBe(receiver.received[0]?.id)

  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText('This endpoint is disabled')).toBeVisible()
  await page.getByRole('link', { name: 'Remove…' }).click()
  await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused()
  await page.getByRole('button', { name: 'Remove endpoint' }).click()
  await expect(page.getByText('No program is told of events yet.')).toBeVisible()
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
