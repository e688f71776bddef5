import { randomInt } from 'node:crypto'
import type { Page } from '@playwright/test'
import { mailLimits } from '#lib/rate-limits/limits.ts'
import { comeFrom, signInByHand } from '../fixtures/sign-in.ts'
import { expect, test } from '../fixtures/test.ts'
import { linkFor, mailsTo } from './mailbox.ts'

const newPassword = 'four short words here'

test.beforeEach(async ({ context }) => {
  await comeFrom(context, `198.18.${randomInt(256)}.${randomInt(256)}`)
})

async function ask(page: Page, email: string) {
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: 'Send the mail' }).click()
}

async function setPassword(page: Page) {
  await page.getByLabel('New password').fill(newPassword)
  await page.getByLabel('The same once more').fill(newPassword)
  await page.getByRole('button', { name: 'Set the password' }).click()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a forgotten password is set anew from the mail, once, and everybody is signed out', async ({
      page,
      world,
      owner,
      signIn,
      context,
    }) => {
      const { email } = world.storeOwner
      await signIn(world.storeOwner)
      const signedIn = await context.cookies()
      await context.clearCookies()
      await ask(page, email)
      await expect(page.getByText('Look into your mailbox')).toBeVisible()
      const link = await linkFor(owner, email, { mails: 1 })
      await page.goto(link)
      await setPassword(page)
      await expect(page.getByText('Your new password is set')).toBeVisible()
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password', { exact: true }).fill(newPassword)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
      await page.goto(link)
      await expect(page.getByText('This link does not work any more')).toBeVisible()
      await expect(page.getByRole('link', { name: 'Ask for a new link' })).toHaveAttribute(
        'href',
        '/reset-password',
      )
      await context.clearCookies()
      await context.addCookies(signedIn)
      await page.goto('/my-services')
      await expect(page.getByText('You were signed out.')).toBeVisible()
    })
  })
}

test('a link that was used while its form stood open sets nothing', async ({
  page,
  world,
  owner,
  context,
}) => {
  const { email } = world.storeOwner
  await ask(page, email)
  const link = await linkFor(owner, email, { mails: 1 })
  const second = await context.newPage()
  await page.goto(link)
  await second.goto(link)
  await setPassword(page)
  await expect(page.getByText('Your new password is set')).toBeVisible()
  await setPassword(second)
  await expect(second.getByRole('alert').filter({ hasText: 'does not work any more' })).toBeVisible()
})

test('everybody gets the same answer, and who has no account gets no mail', async ({
  page,
  world,
  owner,
}) => {
  const answers = []
  for (const email of [world.storeOwner.email, `nobody-${crypto.randomUUID()}@example.com`]) {
    await ask(page, email)
    await expect(page.getByText('Look into your mailbox')).toBeVisible()
    answers.push(await page.locator('main').textContent())
    if (email !== world.storeOwner.email) expect(await mailsTo(owner, email)).toEqual([])
  }
  expect(answers[0]).toBe(answers[1])
  await linkFor(owner, world.storeOwner.email, { mails: 1 })
})

test('mails to one address come to an end, with an account or without one', async ({ page }) => {
  const email = `nobody-${crypto.randomUUID()}@example.com`
  for (let n = 0; n < mailLimits['resets-to'].mails; n++) {
    await ask(page, email)
    await expect(page.getByText('Look into your mailbox')).toBeVisible()
  }
  await ask(page, email)
  await expect(page.getByRole('alert').filter({ hasText: 'Too many mails' })).toBeFocused()
  await expect(page.getByLabel('E-mail address')).toHaveValue(email)
})

test('the old password does not work after a new one was set', async ({ page, world, owner }) => {
  const { email } = world.storeOwner
  await ask(page, email)
  await page.goto(await linkFor(owner, email, { mails: 1 }))
  await setPassword(page)
  await signInByHand(page, world.storeOwner)
  await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible()
})
