import { dayMs } from '#lib/time/units.ts'
import { signInByHand } from '../fixtures/sign-in.ts'
import { expect, rowOf, selectBox, test } from '../fixtures/test.ts'

test('a partner signs in, goes to Manage Partner Tokens and revokes a token; the next call is refused', async ({
  page,
  world,
  callStore,
}) => {
  const token = await world.issue()
  expect((await callStore(token.text, world.store.id)).status).toBe(200)
  await page.goto('/')
  await signInByHand(page, world.partnerAdministrator)
  await expect(page.getByRole('heading', { name: 'Manage Partner Tokens' })).toBeVisible()
  await page.getByRole('link', { name: 'Active Tokens' }).click()
  await expect(rowOf(page, token)).toContainText('Harbor Lights Lamps')
  await selectBox(page, token).check()
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('Revoke the token for Harbor Lights Lamps?')
  await expect(dialog.getByRole('img', { name: /^\d+ calls? in the last 30 days/ })).toBeVisible()
  await dialog.getByText('It may have leaked').click()
  await dialog.getByRole('button', { name: 'Revoke Token(s)' }).click()
  const result = page.getByRole('status').filter({ hasText: 'is revoked' })
  await expect(result).toBeFocused()
  await expect(result).toContainText(/Refused everywhere: (\d) of \1 API servers? answered in [\d.]+ s\./)
  expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
})

test.describe('in Manage Partner Tokens', () => {
  test.beforeEach(async ({ signIn, world }) => signIn(world.partnerAdministrator))

  test('Expiring Tokens holds what expires within 30 days', async ({ page, world }) => {
    const soon = await world.issue({ expiresAt: new Date(Date.now() + 29 * dayMs) })
    const later = await world.issue({ expiresAt: new Date(Date.now() + 31 * dayMs) })
    await page.goto(world.partnerTokens)
    await expect(rowOf(page, later)).toBeVisible()
    await page.getByRole('link', { name: 'Expiring Tokens' }).click()
    await expect(rowOf(page, soon)).toBeVisible()
    await expect(rowOf(page, later)).toHaveCount(0)
  })

  test('the record shows who revoked a token, when and why, and what has expired', async ({
    page,
    world,
  }) => {
    const by = { id: world.storeOwner.id, name: world.storeOwner.name }
    const revoked = await world.issue({
      revocation: { side: 'merchant', by, reason: 'other', note: 'We moved to another service.' },
    })
    const expired = await world.issue({
      createdAt: new Date(Date.now() - 9 * dayMs),
      expiresAt: new Date(Date.now() - 2 * dayMs),
    })
    await page.goto(world.partnerTokens)
    await page.getByRole('link', { name: 'Revoked and expired' }).click()
    await expect(rowOf(page, revoked)).toContainText('Store owner (merchant side)')
    await expect(rowOf(page, revoked)).toContainText('We moved to another service.')
    await expect(rowOf(page, expired)).toContainText(/Expired.*2 days ago.*Its time was over/)
    await expect(page.getByRole('checkbox')).toHaveCount(0)
  })

  test('a stale dialog about a token that is gone says so and revokes nothing', async ({ page, world }) => {
    const by = { id: world.storeOwner.id, name: world.storeOwner.name }
    const gone = await world.issue({ revocation: { side: 'merchant', by } })
    await page.goto(`${world.partnerTokens}?revoke=${gone.id}`)
    const dialog = page.getByRole('alertdialog')
    await expect(dialog).toContainText('Nothing is left to revoke')
    await expect(dialog).toContainText('was revoked by Store owner (the merchant)')
    await expect(dialog.getByRole('button', { name: 'Revoke Token(s)' })).toHaveCount(0)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(dialog).toBeHidden()
  })
})
