import type { Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import { dayMs } from '#lib/time/units.ts'
import { moveTokenTimes } from '#tools/test-databases/move-token-times.ts'
import { signInByHand } from '../fixtures/sign-in.ts'
import { expect, test, type World } from '../fixtures/test.ts'

const dayFromNow = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)
const partnersPage = ({ apiSettings, partner }: World) => `${apiSettings}/partners/${partner.id}`
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Issue a New Token' })
const expired = { createdAt: new Date(Date.now() - 9 * dayMs), expiresAt: new Date(Date.now() - dayMs) }

test.describe('for a partner without a live token', () => {
  test.beforeEach(async ({ signIn, world }) => {
    await signIn(world.storeOwner)
    await world.issue(expired)
  })

  test('a merchant issues a new one until a day of the calendar, and hands it over', async ({
    page,
    world,
    owner,
    callStore,
  }) => {
    await page.goto(`${world.apiSettings}/partners`)
    await expect(page.getByRole('row').filter({ hasText: world.partner.id })).toContainText('no live token')
    await page.getByRole('link', { name: 'Change Parcel Pilot Test, Inc.' }).click()
    await page.getByRole('link', { name: 'Issue a New Token', exact: true }).click()
    const dialog = dialogOf(page)
    await expect(dialog).toContainText(`${world.partner.name} (${world.partner.id})`)
    await expect(dialog).toContainText('in your time zone (Europe/Lisbon)')
    const calendar = dialog.getByLabel('The new token expires on')
    await expect(calendar).toBeFocused()
    const usual = Date.parse(await calendar.inputValue())
    expect(Math.abs(usual - Date.parse(dayFromNow(365)))).toBeLessThanOrEqual(2 * dayMs)
    await calendar.fill('2028-07-01')
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()

    await expect(page.getByRole('status').filter({ hasText: 'The new token is issued.' })).toBeFocused()
    const { rows } = await liveTokens(owner, world)
    // In summer Lisbon is an hour ahead of UTC.
    expect(rows.map(({ expires_at: at }) => at.toISOString())).toEqual(['2028-07-01T22:59:59.999Z'])
    expect(page.url()).toContain(rows[0].id)
    await page.getByRole('button', { name: 'Show token' }).click()
    const text = (await page.getByLabel('Token', { exact: true }).textContent()) ?? ''
    expect((await callStore(text, world.store.id)).status).toBe(200)

    await page.goBack()
    await expect(dialog).toBeHidden()
    await expect(page.getByText(', with 1 live token.')).toBeVisible()
    await expect(page.getByRole('link', { name: 'Issue a New Token' })).toHaveCount(0)
  })

  test('the access list leads there at once', async ({ page, world }) => {
    await page.goto(`${world.apiSettings}/partners`)
    await page.getByRole('link', { name: 'Issue a New Token to Parcel Pilot Test, Inc.' }).click()
    await expect(dialogOf(page).getByLabel('The new token expires on')).toBeFocused()
  })

  test('a day that is too soon or too late is refused, and what was typed is kept', async ({
    page,
    world,
    owner,
  }) => {
    await page.goto(`${partnersPage(world)}?issue`)
    const dialog = dialogOf(page)
    const calendar = dialog.getByLabel('The new token expires on')
    for (const [day, words] of [
      [dayFromNow(-1), 'A new token lives for one day at least'],
      [dayFromNow(5 * 366 + 2), 'A new token lives for five years at most'],
    ] as const) {
      await calendar.fill(day)
      await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
      await expect(dialog.getByRole('alert').filter({ hasText: words })).toBeVisible()
      await expect(calendar).toBeFocused()
      await expect(calendar).toHaveValue(day)
      await expect(calendar).toHaveAttribute('aria-invalid', 'true')
    }
    expect((await liveTokens(owner, world)).rowCount).toBe(0)
  })

  test('a double click issues one', async ({ page, world, owner }) => {
    await page.goto(`${partnersPage(world)}?issue`)
    await page.getByRole('button', { name: 'Issue', exact: true }).dblclick()
    await expect(page.getByText('The new token is issued.')).toBeVisible()
    expect((await liveTokens(owner, world)).rowCount).toBe(1)
  })

  test('who comes second learns of it, and where the token is', async ({ page, world, owner, context }) => {
    await page.goto(`${partnersPage(world)}?issue`)
    await expect(dialogOf(page)).toBeVisible()
    const quicker = await context.newPage()
    await quicker.goto(`${partnersPage(world)}?issue`)
    await quicker.getByRole('button', { name: 'Issue', exact: true }).click()
    await expect(quicker.getByText('The new token is issued.')).toBeVisible()
    await page.getByRole('button', { name: 'Issue', exact: true }).click()
    await expect(dialogOf(page).getByRole('alert')).toBeFocused()
    await expect(dialogOf(page)).toContainText('No second one was made.')
    expect((await liveTokens(owner, world)).rowCount).toBe(1)
    await expect(page.getByRole('button', { name: 'Issue', exact: true })).toHaveCount(0)
    await dialogOf(page).getByRole('link', { name: 'See it in API Settings' }).click()
    await expect(page).toHaveURL(new RegExp(`api-settings\\?search=${world.partner.id}$`))
  })

  test('for who was removed meanwhile nothing is issued', async ({ page, world, owner }) => {
    await page.goto(`${partnersPage(world)}?issue`)
    await expect(dialogOf(page)).toBeVisible()
    await owner.$client.query('update partner_access set removed_at = now() where partner_id = $1', [
      world.partner.id,
    ])
    await page.getByRole('button', { name: 'Issue', exact: true }).click()
    const alert = dialogOf(page).getByRole('alert')
    await expect(alert).toBeFocused()
    await expect(alert).toHaveText('The partner is no longer in the access list. No token was issued.')
    expect((await liveTokens(owner, world)).rowCount).toBe(0)
  })

  test('keyboard alone is enough, and Escape leads back to the button', async ({ page, world }) => {
    await page.goto(partnersPage(world))
    const open = page.getByRole('link', { name: 'Issue a New Token' })
    await open.focus()
    await page.keyboard.press('Enter')
    await expect(dialogOf(page).getByLabel('The new token expires on')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(dialogOf(page)).toBeHidden()
    await expect(open).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(dialogOf(page).getByLabel('The new token expires on')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status').filter({ hasText: 'The new token is issued.' })).toBeFocused()
  })

  test('Add New Partner leads to it', async ({ page, world }) => {
    await page.goto(`${world.apiSettings}/add-partner?partner=${world.partner.id}`)
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByText('issue a new token there if it has no live one')).toBeVisible()
    await page.getByRole('link', { name: 'See or change what it may call' }).click()
    await expect(page.getByRole('link', { name: 'Issue a New Token' })).toBeVisible()
  })
})

test('where the package has no APIs, or only a viewer looks, nothing can be issued', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await signIn(world.storeViewer)
  await page.goto(`${partnersPage(world)}?issue`)
  await expect(page.getByText('Issuing a new one takes an owner or an administrator.')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [world.store.id])
  await signIn(world.storeOwner)
  await page.goto(`${partnersPage(world)}?issue`)
  await expect(page.getByText('no token can be issued')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.goto(`${world.apiSettings}/partners`)
  await expect(page.getByText('no live token')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Issue a New Token' })).toHaveCount(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a new token is issued until the end of a day in UTC, and only one', async ({
    page,
    world,
    owner,
  }) => {
    await page.goto(partnersPage(world))
    await signInByHand(page, world.storeOwner)
    await page.getByRole('link', { name: 'Issue a New Token' }).click()
    await expect(page.getByText('At the end of this day, in UTC.')).toBeVisible()
    await world.issue()
    await page.getByRole('button', { name: 'Issue', exact: true }).click()
    await expect(page.getByText('No second one was made.')).toBeVisible()
    const value = world.partner.id
    await moveTokenTimes(owner, { set: 'expires_at = now()', where: 'partner_id = $1', value })
    await page.goto(`${partnersPage(world)}?issue`)
    await page.getByLabel('The new token expires on').fill('2028-07-01')
    await page.getByRole('button', { name: 'Issue', exact: true }).click()
    await expect(page.getByText('The new token is issued.')).toBeVisible()
    const { rows } = await liveTokens(owner, world)
    expect(rows.map(({ expires_at: at }) => at.toISOString())).toEqual(['2028-07-01T23:59:59.999Z'])
  })
})

function liveTokens(owner: Database, { store, partner }: World) {
  return owner.$client.query(
    'select id, expires_at from tokens where store_id = $1 and partner_id = $2 and expires_at > now()',
    [store.id, partner.id],
  )
}
