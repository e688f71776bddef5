import { randomInt } from 'node:crypto'
import type { Page } from '@playwright/test'
import { limits } from '#lib/rate-limits/limits.ts'
import { comeFrom, signInByHand } from '../fixtures/sign-in.ts'
import { expect, password, test } from '../fixtures/test.ts'

const wrong = 'The e-mail address or the password is wrong.'

/** Guesses are counted by address: each test that guesses comes from one of its own. */
test.beforeEach(async ({ context }) => {
  await comeFrom(context, `198.18.${randomInt(256)}.${randomInt(256)}`)
})

test('a wrong password and an unknown account get the same answer, and the e-mail address stays typed', async ({
  page,
  world,
}) => {
  for (const email of [world.storeOwner.email, `nobody-${crypto.randomUUID()}@example.com`]) {
    await page.goto('/sign-in')
    await expect(page.getByText('Merchants decide here')).toBeVisible()
    await guess(page, email, 'not the password')
    await expect(page.getByRole('alert').filter({ hasText: wrong })).toBeVisible()
    await expect(page.getByLabel('E-mail')).toHaveValue(email)
    await expect(page.getByLabel('Password')).toBeFocused()
    await expect(page).toHaveURL(/\/sign-in$/)
  }
})

test('after signing in one stands where one wanted to go, with the whole query', async ({ page, world }) => {
  const wanted = `${world.apiSettings}?show=ended&search=a%26b%3Fc`
  await page.goto(wanted)
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/)
  await signInByHand(page, world.storeOwner)
  await expect(page.getByRole('heading', { name: 'API Settings' })).toBeVisible()
  await expect(page.getByRole('searchbox')).toHaveValue('a&b?c')
  expect(page.url()).toMatch(/\?show=ended&search=a%26b%3Fc$/)
})

for (const elsewhere of [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/.//evil.example',
  '/%09/evil.example',
  'javascript:alert(1)',
]) {
  test(`signing in never leads to ${JSON.stringify(elsewhere)}`, async ({ page, world, product }) => {
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(elsewhere)}`)
    await signInByHand(page, world.storeOwner)
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
    expect(new URL(page.url()).origin).toBe(product.webUrl)
    // Nor for somebody who is signed in already.
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(elsewhere)}`)
    expect(new URL(page.url()).origin).toBe(product.webUrl)
  })
}

test('who guesses too often from one address reads how long to wait; elsewhere the person still gets in', async ({
  page,
  world,
  context,
}) => {
  const { email } = world.storeOwner
  for (let n = 0; n < limits.pair.guesses; n++) {
    await page.goto('/sign-in')
    await guess(page, email, `guess ${n}`)
    await expect(page.getByText(wrong)).toBeVisible()
  }
  await guess(page, email, password)
  await expect(
    page.getByText(/^Too many attempts\. Wait \d+ minutes at most, then try again\.$/),
  ).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue(email)
  await comeFrom(context, '198.19.0.1')
  await guess(page, email, password)
  await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
})

test('where a person signed in before, those who guess too often from their address do not keep them out', async ({
  page,
  world,
  context,
}) => {
  const { email } = world.storeOwner
  await page.goto('/sign-in')
  await signInByHand(page, world.storeOwner)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  const marks = (await context.cookies()).filter(({ name }) => name.endsWith('.device'))
  expect(marks).toMatchObject([{ httpOnly: true, sameSite: 'Lax', path: '/' }])

  await context.clearCookies()
  for (let n = 0; n < limits.pair.guesses; n++) {
    await page.goto('/sign-in')
    await guess(page, email, `guess ${n}`)
    await expect(page.getByText(wrong)).toBeVisible()
  }
  await guess(page, email, password)
  await expect(page.getByText(/^Too many attempts\./)).toBeVisible()
  await context.addCookies(marks)
  await guess(page, email, password)
  await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('one is refused, signs in, and signs out; the password is never in an address', async ({
    page,
    world,
  }) => {
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    await page.goto(`${world.apiSettings}?show=ended`)
    await guess(page, world.storeOwner.email, 'not-the-password')
    await expect(page.getByText(wrong)).toBeVisible()
    await signInByHand(page, world.storeOwner)
    await expect(page).toHaveURL(/api-settings\?show=ended$/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByText('You are signed out.')).toBeVisible()
    expect(addresses.join()).not.toMatch(/password=|not-the-password/)
    expect(addresses.join()).not.toContain(password)
  })
})

async function guess(page: Page, email: string, tried: string) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(tried)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
