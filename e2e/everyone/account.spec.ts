import { randomInt } from 'node:crypto'
import { buildUser } from '#tools/seed/builders.ts'
import { comeFrom } from '../fixtures/sign-in.ts'
import { expect, openSession, password, test } from '../fixtures/test.ts'

const newPassword = 'four short words here'

test.beforeEach(async ({ context }) => {
  await comeFrom(context, `198.18.${randomInt(256)}.${randomInt(256)}`)
})

test('a new name stands in the header at once, and what is wrong with one is said beside it', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto('/account')
  await page.getByLabel('Your name').fill('   ')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Give your name.' })).toBeFocused()
  await page.getByLabel('Your name').fill('Night shift')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Your name is saved.' })).toBeFocused()
  await expect(page.getByRole('banner')).toContainText('Night shift')
})

test('a new password takes the current one, and ends all other sessions but this one', async ({
  page,
  world,
  owner,
  product,
  signIn,
}) => {
  await signIn(world.storeOwner)
  const other = await openSession(owner, product, world.storeOwner)
  await page.goto('/account')
  const change = async (current: string) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password').fill(newPassword)
    await page.getByLabel('The same once more').fill(newPassword)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await change('not the password')
  await expect(page.getByRole('alert').filter({ hasText: 'not your current password' })).toBeFocused()
  await change(password)
  await expect(page.getByRole('status').filter({ hasText: 'Your password is changed.' })).toBeFocused()
  const answer = await fetch(`${product.webUrl}/account`, {
    redirect: 'manual',
    headers: { cookie: `${other.name}=${other.value}` },
  })
  expect(answer.status).toBe(307)
  await page.reload()
  await expect(page.getByText('This device')).toBeVisible()
})

test('who signs in with single sign-on only reads that there is no password', async ({
  page,
  owner,
  signIn,
}) => {
  await signIn(await buildUser(owner))
  await page.goto('/account')
  await expect(page.getByText('You sign in with single sign-on')).toBeVisible()
  await expect(page.getByLabel('Current password')).toHaveCount(0)
})

test('dates are written in the chosen zone and way, by server and browser alike', async ({
  page,
  world,
  owner,
  product,
  signIn,
}) => {
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await signIn(world.storeOwner)
  const token = await world.issue({ createdAt: new Date('2026-03-01T02:30:00Z') })
  const details = `${world.apiSettings}/${token.id}`
  await page.goto(details)
  // Without a choice: British, in the browser's zone.
  await expect(page.getByText('1 Mar 2026').first()).toBeVisible()

  await page.goto('/account')
  await page.getByLabel('Language', { exact: true }).selectOption('en-US')
  await page.getByLabel('Time zone', { exact: true }).selectOption('America/New_York')
  await page.getByRole('button', { name: 'Save language and time zone' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeFocused()
  await expect(page.getByLabel('Time zone', { exact: true })).toHaveValue('America/New_York')

  await page.goto(details)
  await expect(page.getByText('Feb 28, 2026').first()).toBeVisible()
  await expect(page.getByText('1 Mar 2026')).toHaveCount(0)
  const { name, value } = await openSession(owner, product, world.storeOwner)
  const html = await (
    await fetch(product.webUrl + details, { headers: { cookie: `${name}=${value}` } })
  ).text()
  expect(html).toContain('Feb 28, 2026')
  expect(problems).toEqual([])
})
