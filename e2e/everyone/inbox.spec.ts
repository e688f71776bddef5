import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { notices } from '#db/schema/notices.ts'
import { expect, expectAccessible, test, type World } from '../fixtures/test.ts'

test('what the store did stands in the partner’s inbox, leads to the token, and is marked as read', async ({
  page,
  world,
  signIn,
}) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  await page.getByText('It may have leaked').click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('is revoked').first()).toBeVisible()
  // Read already: they did it themselves.
  await page.goto('/inbox')
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()

  await signIn(world.partnerAdministrator)
  await expect(async () => {
    await page.goto(world.partnerTokens)
    await expect(page.getByRole('link', { name: 'Inbox 1 unread' })).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
  await page.getByRole('link', { name: 'Inbox 1 unread' }).click()
  await expect(page).toHaveURL(/\/partner-inbox$/)
  await expect(page.getByText('by Store owner (the merchant, owner) · May have leaked')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Mark all as read' }).press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Marked as read.' })).toBeFocused()
  await expect(page.getByRole('button', { name: 'Mark all as read' })).toHaveCount(0)
  await expectAccessible(page)
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Harbor Lights Lamps: the token was revoked' }).click()
  await expect(page).toHaveURL(new RegExp(`${token.id}$`))
})

/** Two notices about one token each, the second one newer. */
async function fillInbox(owner: Database, world: World, side: 'merchant' | 'partner') {
  const userId = side === 'merchant' ? world.storeOwner.id : world.partnerAdministrator.id
  const kinds = ['token.expiring', 'token.expired'] as const
  const rows = await Promise.all(
    kinds.map(async (kind) => ({
      ...{ id: uuidv7(), userId, side, kind, operationId: crypto.randomUUID(), tokenCount: 1 },
      ...{ storeId: world.store.id, partnerId: world.partner.id, tokenId: (await world.issue()).id },
      ...{ details: { days: '7' }, occurredAt: new Date('2026-03-04T23:30:00Z') },
    })),
  )
  await owner.insert(notices).values(rows)
  return rows.map(({ tokenId }) => tokenId)
}

const expired = /^(Parcel Pilot Test, Inc\.|Harbor Lights Lamps): the token has expired$/

for (const side of ['merchant', 'partner'] as const) {
  test(`a ${side} opens a notice by keyboard: it leads to its token and is read, the other one stays unread`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    const [, newer] = await fillInbox(owner, world, side)
    const [user, inbox, list] =
      side === 'merchant'
        ? [world.storeOwner, '/inbox', world.apiSettings]
        : [world.partnerAdministrator, '/partner-inbox', world.partnerTokens]
    await signIn(user)
    await page.goto(inbox)
    await page.getByRole('button', { name: expired }).press('Enter')
    await expect(page).toHaveURL(`${list}/${newer}`)
    await expect(page.getByRole('link', { name: 'Inbox 1 unread' })).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('link', { name: expired })).toBeVisible()
    const unread = page.getByRole('listitem').filter({ hasText: 'Unread' })
    await expect(unread).toHaveCount(1)
    await expect(unread).toContainText('expires within 7 days')
  })
}

test('without JavaScript a notice opens and is read as well', async ({ browser, world, owner, signIn }) => {
  const [, newer] = await fillInbox(owner, world, 'merchant')
  const context = await browser.newContext({ javaScriptEnabled: false })
  await signIn(world.storeOwner, context)
  const page = await context.newPage()
  await page.goto('/inbox')
  await page.getByRole('button', { name: expired }).click()
  await expect(page).toHaveURL(`${world.apiSettings}/${newer}`)
  await expect(page.getByRole('link', { name: 'Inbox 1 unread' })).toBeVisible()
  await context.close()
})

test('a notice that is not there any more says so, and the inbox stays', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await fillInbox(owner, world, 'merchant')
  await signIn(world.storeOwner)
  await page.goto('/inbox')
  await owner.$client.query('delete from notices where user_id = $1', [world.storeOwner.id])
  await page.getByRole('button', { name: expired }).click()
  await expect(page.getByText('This notice is not there any more.')).toBeVisible()
})

test('whoever was signed out meanwhile is asked to sign in, comes back to the inbox, and has read nothing', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await fillInbox(owner, world, 'partner')
  const person = [world.partnerAdministrator.id]
  await signIn(world.partnerAdministrator)
  await page.goto('/partner-inbox')
  await owner.$client.query('update sessions set ended_at = now() where user_id = $1', person)
  await page.getByRole('button', { name: expired }).click()
  await expect(page).toHaveURL(/\/sign-in\?/)
  expect(new URL(page.url()).searchParams.get('callbackUrl')).toBe('/partner-inbox')
  const { rows } = await owner.$client.query('select read_at from notices where user_id = $1', person)
  expect(rows).toEqual([{ read_at: null }, { read_at: null }])
})

test('the times of an inbox are written as the person chose', async ({ page, world, owner, signIn }) => {
  await fillInbox(owner, world, 'merchant')
  await owner.$client.query(`update users set time_zone = 'Asia/Tokyo', language = 'en-US' where id = $1`, [
    world.storeOwner.id,
  ])
  await signIn(world.storeOwner)
  await page.goto('/inbox')
  await expect(page.getByRole('heading', { name: 'Thursday, March 5, 2026' })).toBeVisible()
  await expect(page.getByText('08:30 AM').first()).toBeVisible()
})

test('an inbox of many notices is paged, to the oldest and back', async ({ page, world, signIn, owner }) => {
  const rows = Array.from({ length: 65 }, () => ({
    ...{ id: uuidv7(), userId: world.storeOwner.id, side: 'merchant' as const, tokenCount: 2 },
    ...{ kind: 'token.expired' as const, operationId: crypto.randomUUID(), occurredAt: new Date() },
    ...{ storeId: world.store.id, partnerId: world.partner.id },
  }))
  await owner.insert(notices).values(rows)
  await signIn(world.storeOwner)
  await page.goto('/inbox')
  const lines = page.getByRole('listitem').filter({ hasText: 'have expired' })
  await expect(lines).toHaveCount(30)
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page).toHaveURL(/after=/)
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(lines).toHaveCount(5)
  await expect(page.getByRole('link', { name: 'Older' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Newest' }).click()
  await expect(lines).toHaveCount(30)
})

test('My Services and the partner’s tab say how many tokens expire within 30 days', async ({
  page,
  world,
  signIn,
}) => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
  for (const days of [3, 12]) await world.issue({ createdAt: inDays(-300), expiresAt: inDays(days) })
  await signIn(world.storeOwner)
  await page.goto('/my-services')
  await page.getByRole('link', { name: '2 tokens expire within 30 days' }).click()
  await expect(page).toHaveURL(`${world.apiSettings}?show=expiring`)
  await signIn(world.partnerAdministrator)
  await page.goto(world.partnerTokens)
  await expect(page.getByRole('link', { name: 'Expiring Tokens 2' })).toBeVisible()
})
