import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { mails } from '#db/schema/mails.ts'
import { users } from '#db/schema/users.ts'
import { queueMail } from '#lib/notifications/mails/queue-mail.ts'
import { readMailsTo } from '#tools/test-product/mail-server.ts'
import { mailsFrom } from '../fixtures/own-row.ts'
import { expect, expectAccessible, rowOf, test, type World } from '../fixtures/test.ts'

const revokedSubject = 'The token of “Parcel Pilot Test, Inc.” for “Harbor Lights Lamps” was revoked'

/** What the person's mailbox holds once something came in. */
async function mailbox(folder: string, address: string, count: number) {
  await expect.poll(async () => (await readMailsTo(folder, address)).length, { timeout: 20_000 }).toBe(count)
  return readMailsTo(folder, address)
}

const aMail = { subject: 'Of an order desk', body: 'A long word of nobody.' }

type Hands = { page: Page; world: World; signIn: (user: { id: string }) => Promise<void> }

/** Revokes one token by hand, in the name of the store. */
async function revoke({ page, world, signIn }: Hands) {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  await page.getByText('It may have leaked').click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(rowOf(page, token)).toHaveCount(0)
  return token
}

test('the partner reads by mail within seconds that a token was revoked, by whom and why; no mail holds a token', async ({
  page,
  world,
  signIn,
  product,
}) => {
  const token = await revoke({ page, world, signIn })
  const [mail] = await mailbox(product.mailFolder, world.partnerAdministrator.email, 1)
  expect(mail?.subject).toBe(revokedSubject)
  expect(mail?.text).toContain('by “Store owner” (the merchant, owner)')
  expect(mail?.text).toContain('Reason: the token may have leaked.')
  expect(mail?.text).toContain(`${product.webUrl}${world.partnerTokens}/${token.id}`)
  expect(mail?.source).not.toContain(token.text)
  await signIn(world.partnerAdministrator)
  await page.goto(`${product.webUrl}${world.partnerTokens}/${token.id}`)
  await expect(page.getByText('Revoked').first()).toBeVisible()
  // Who did it needs no mail about it.
  expect(await readMailsTo(product.mailFolder, world.storeOwner.email)).toEqual([])
})

test('no mail of the whole run holds the text of a token', async ({ owner }) => {
  for (const { subject, body } of await owner.select().from(mails))
    expect(`${subject}\n${body}`).not.toMatch(/1\.0_/)
})

test('the link of a mail leads, without a sign-in, to a page that stops mails of its kind', async ({
  page,
  world,
  signIn,
  product,
  owner,
  context,
}) => {
  await revoke({ page, world, signIn })
  const [mail] = await mailbox(product.mailFolder, world.partnerAdministrator.email, 1)
  await context.clearCookies()
  const link = /Stop mails of this kind: (\S+)/.exec(mail?.text ?? '')?.[1] ?? ''
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Stop these mails?' })).toBeVisible()
  await expect(page.getByText('Partner Tokens', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Stop these mails' }).click()
  await expect(page.getByRole('heading', { name: 'You get no more mails of this kind' })).toBeVisible()
  const [user] = await owner.select().from(users).where(eq(users.id, world.partnerAdministrator.id))
  expect(user?.mutedMails).toEqual(['token.revoked'])
})

test('a mail program stops mails with one click, and a link that we did not write stops nothing', async ({
  page,
  world,
  signIn,
  product,
  owner,
}) => {
  await revoke({ page, world, signIn })
  const [mail] = await mailbox(product.mailFolder, world.partnerAdministrator.email, 1)
  expect(mail?.source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  const url = /^List-Unsubscribe: <([^>]+)>/m.exec((mail?.source ?? '').replace(/\r\n\s+/g, ' '))?.[1] ?? ''
  const click = (address: string) =>
    fetch(address, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
  expect((await click(url.replace('token.revoked', 'token.expired'))).status).toBe(400)
  // Looking at it stops nothing: programs look at links.
  expect((await fetch(url)).status).toBe(200)
  const muted = async () =>
    (await owner.select().from(users).where(eq(users.id, world.partnerAdministrator.id)))[0]?.mutedMails
  expect(await muted()).toEqual([])
  const answer = await click(url)
  expect(answer.status).toBe(200)
  expect(await muted()).toEqual(['token.revoked'])
})

test('a person chooses in the account what is mailed, also without JavaScript', async ({
  browser,
  world,
  signIn,
  product,
  owner,
}) => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled, baseURL: product.webUrl })
    await signIn(world.partnerAdministrator, context)
    const page = await context.newPage()
    await page.goto('/account')
    const box = page.getByRole('checkbox', { name: 'A token was revoked' })
    await expect(box).toBeChecked({ checked: javaScriptEnabled })
    await box.setChecked(!javaScriptEnabled)
    await page.getByRole('button', { name: 'Save what is mailed' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await expect(box).toBeChecked({ checked: !javaScriptEnabled })
    const [user] = await owner.select().from(users).where(eq(users.id, world.partnerAdministrator.id))
    expect(user?.mutedMails).toEqual(javaScriptEnabled ? ['token.revoked'] : [])
    await context.close()
  }
})

test('the demo shows its mails to whoever is signed in', async ({ page, world, signIn, owner }) => {
  const to = world.partnerAdministrator.email
  await signIn(world.storeOwner)
  await page.goto(mailsFrom(await queueMail(owner, { userId: null, to, ...aMail, now: new Date() })))
  await expect(page.getByRole('heading', { name: 'Mails of the demo' })).toBeVisible()
  const mail = page.getByRole('listitem').filter({ hasText: `To ${to}` })
  await expect(mail).toContainText(aMail.subject)
  await expect(mail).toContainText(aMail.body)
})
