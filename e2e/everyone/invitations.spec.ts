import { randomInt } from 'node:crypto'
import type { Page } from '@playwright/test'
import { hashPassword } from '#lib/auth/passwords/password.ts'
import { buildInvitation, buildUser } from '#tools/seed/builders.ts'
import { comeFrom, signInByHand } from '../fixtures/sign-in.ts'
import { expect, password, test, type World } from '../fixtures/test.ts'
import { linkFor } from './mailbox.ts'

const newPassword = 'four short words here'

test.beforeEach(async ({ context }) => {
  await comeFrom(context, `198.18.${randomInt(256)}.${randomInt(256)}`)
})

async function invite(page: Page, world: World, email: string) {
  await page.goto(`/stores/${world.store.id}/members`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(page.getByText(`An invitation goes to ${email}.`)).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('an invited person without an account makes one from the mail, signs in and sees the store', async ({
      page,
      world,
      owner,
      signIn,
      context,
    }) => {
      const email = `guest-${crypto.randomUUID()}@example.com`
      await signIn(world.storeOwner)
      await invite(page, world, email)
      const link = await linkFor(owner, email, { mails: 1 })
      await context.clearCookies()
      await page.goto(link)
      await expect(page.getByText(email)).toBeVisible()
      await page.getByLabel('Your name').fill('Order desk')
      await page.getByLabel('New password').fill(newPassword)
      await page.getByLabel('The same once more').fill('something else here')
      await page.getByRole('button', { name: 'Make account and accept' }).click()
      await expect(page.getByRole('alert').filter({ hasText: 'Type the same password' })).toBeVisible()
      await expect(page.getByLabel('Your name')).toHaveValue('Order desk')
      await page.getByLabel('New password').fill(newPassword)
      await page.getByLabel('The same once more').fill(newPassword)
      await page.getByRole('button', { name: 'Make account and accept' }).click()
      await expect(page.getByText('Your account is made.')).toBeVisible()
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password', { exact: true }).fill(newPassword)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByRole('heading', { name: 'Store Manager' })).toBeVisible()
      await page.goto(link)
      await expect(page.getByText('This invitation was accepted already.')).toBeVisible()
    })
  })
}

test('an invited person with an account signs in, comes back and accepts with one click', async ({
  page,
  world,
  owner,
}) => {
  const guest = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const secret = await buildInvitation(owner, {
    partnerId: world.partner.id,
    email: guest.email,
    invitedBy: world.partnerAdministrator,
  })
  await page.goto(`/invitations/${secret}`)
  await expect(page.getByLabel('Your name')).toHaveCount(0)
  expect(page.url()).not.toContain(secret)
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`))
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signInByHand(page, guest)
  await page.getByRole('button', { name: 'Accept' }).click()
  await expect(page.getByRole('heading', { name: 'Manage Partner Tokens' })).toBeVisible()
  expect(asked.join('\n')).not.toContain(secret)
  expect(asked.filter((line) => / .*\/invitations\//.test(line))).toEqual([])
})

test('who is signed in as somebody else learns of it, and joins nothing', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const guest = await buildUser(owner)
  const invited = { storeId: world.store.id, email: guest.email, invitedBy: world.storeOwner }
  const secret = await buildInvitation(owner, invited)
  await signIn(world.partnerAdministrator)
  await page.goto(`/invitations/${secret}`)
  await expect(page.getByText(`You are signed in as ${world.partnerAdministrator.email}.`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Accept' })).toHaveCount(0)
})

test('an invitation that is withdrawn, has expired or never was says so and nothing else', async ({
  page,
  world,
  owner,
}) => {
  const { email } = await buildUser(owner)
  const past = new Date(Date.now() - 1000)
  const invited = { storeId: world.store.id, email, invitedBy: world.storeOwner }
  const withdrawn = await buildInvitation(owner, { ...invited, withdrawnAt: past })
  const expired = await buildInvitation(owner, { ...invited, expiresAt: past })
  for (const [secret, words] of [
    [withdrawn, 'This invitation was withdrawn'],
    [expired, 'This invitation has expired'],
    ['x', 'There is no such invitation.'],
  ]) {
    await page.goto(`/invitations/${secret}`)
    await expect(page.getByText(words as string)).toBeVisible()
    const text = await page.locator('main').textContent()
    for (const known of [email, world.store.name, world.storeOwner.name]) expect(text).not.toContain(known)
  }
})
