import { v7 as uuidv7 } from 'uuid'
import { notices } from '#db/schema/notices.ts'
import { expect, expectAccessible, test } from '../fixtures/test.ts'

test('what the store did stands in the partner’s inbox, leads to the token, and is marked as read', async ({
  page,
  world,
  signIn,
}) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  await page.getByText('Exposed').click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('is revoked').first()).toBeVisible()
  // Read already: he did it himself.
  await page.goto('/inbox')
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()

  await signIn(world.partnerAdministrator)
  await expect(async () => {
    await page.goto(world.partnerTokens)
    await expect(page.getByRole('link', { name: 'Inbox 1 unread' })).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
  await page.getByRole('link', { name: 'Inbox 1 unread' }).click()
  await expect(page).toHaveURL(/\/partner-inbox$/)
  await expect(page.getByText('by Store owner (the merchant) · Exposed')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await expect(page.getByText('Marked as read.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'The token of Parcel Pilot Test, Inc.' }).click()
  await expect(page).toHaveURL(new RegExp(`${token.id}$`))
})

test('an inbox of many notices is paged, to the oldest and back', async ({ page, world, signIn, owner }) => {
  const rows = Array.from({ length: 65 }, () => ({
    ...{ id: uuidv7(), userId: world.storeOwner.id, side: 'merchant' as const, tokenCount: 2 },
    ...{ kind: 'token.expired' as const, deedId: crypto.randomUUID(), occurredAt: new Date() },
    ...{ storeId: world.store.id, partnerId: world.partner.id },
  }))
  await owner.insert(notices).values(rows)
  await signIn(world.storeOwner)
  await page.goto('/inbox')
  const lines = page.getByRole('listitem').filter({ hasText: 'have expired' })
  await expect(lines).toHaveCount(30)
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page).toHaveURL(/before=/)
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
  await expect(page.getByRole('link', { name: 'Expiring Tokens (2)' })).toBeVisible()
})
