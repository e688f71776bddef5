import type { Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import { comeFrom, signInByHand } from '../fixtures/sign-in.ts'
import { expect, password, test } from '../fixtures/test.ts'

/** Chromium's own authenticator in place of a device: it answers at once, as if the right finger had touched it. */
async function giveAuthenticator(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** WebAuthn takes no IP address: the same server by its name. */
const named = (webUrl: string) => webUrl.replace('127.0.0.1', 'localhost')

/** As somebody without second factor does it, up to the recovery codes. */
async function addPasskey(page: Page, webUrl: string, user: { email: string }): Promise<string[]> {
  await giveAuthenticator(page)
  await page.goto(`${webUrl}/account`)
  await signInByHand(page, user)
  await page.getByLabel('Name of the new passkey').fill('Laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('The passkey is added.')).toBeVisible()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await expect(codes).toHaveCount(10)
  return codes.allTextContents()
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}

const makeStale = (owner: Database, { id }: { id: string }) =>
  owner.$client.query(`update sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [
    id,
  ])

test('a passkey is added, asked for after the password, and signs in alone', async ({
  page,
  world,
  product,
}) => {
  const webUrl = named(product.webUrl)
  await comeFrom(page.context(), '198.51.100.61')
  await addPasskey(page, webUrl, world.storeOwner)
  await expect(page.getByText('Laptop', { exact: true })).toBeVisible()
  await signOut(page)

  await signInByHand(page, world.storeOwner)
  await expect(page.getByRole('heading', { name: 'Second step' })).toBeVisible()
  // The password alone opens nothing.
  await page.goto(`${webUrl}/account`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goBack()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  await signOut(page)

  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
})

test('a recovery code ends signing in once, without JavaScript too', async ({
  page,
  world,
  product,
  browser,
}) => {
  const webUrl = named(product.webUrl)
  await comeFrom(page.context(), '198.51.100.62')
  const [code = ''] = await addPasskey(page, webUrl, world.storeOwner)
  const context = await browser.newContext({ javaScriptEnabled: false })
  await comeFrom(context, '198.51.100.62')
  const plain = await context.newPage()
  const enterCode = async () => {
    await plain.goto(`${webUrl}/account`)
    await signInByHand(plain, world.storeOwner)
    // By its element: Playwright's locators of text pass over what is in a noscript.
    const note = plain.locator('noscript > *')
    await expect(note).toBeVisible()
    await expect(note).toContainText('Passkeys need JavaScript')
    await plain.getByLabel('Recovery code').fill(code)
    await plain.getByRole('button', { name: 'Use a recovery code' }).click()
  }
  await enterCode()
  await expect(plain.getByRole('heading', { name: 'Your account' })).toBeVisible()
  await expect(plain.getByText('9 are left.')).toBeVisible()
  await context.clearCookies()
  await enterCode()
  await expect(plain.getByRole('alert')).toHaveText('That was not accepted. Try again, or use another way.')
  await context.close()
})

test('whoever decides who works here proves anew who they are after ten minutes', async ({
  page,
  world,
  product,
  owner,
}) => {
  const webUrl = named(product.webUrl)
  await comeFrom(page.context(), '198.51.100.63')
  await addPasskey(page, webUrl, world.storeOwner)
  const members = `${webUrl}/stores/${world.store.id}/members`
  await page.goto(members)
  await makeStale(owner, world.storeOwner)
  const invite = async (email: string) => {
    await page.getByLabel('E-mail address').fill(email)
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
  }
  await invite('first@example.com')
  await expect(page.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible()
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(page).toHaveURL(members)
  await invite('second@example.com')
  await expect(page.getByRole('status')).toContainText('An invitation goes to second@example.com')

  await makeStale(owner, world.storeOwner)
  await invite('third@example.com')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL(members)
  const { rows } = await owner.$client.query('select email from invitations where store_id = $1', [
    world.store.id,
  ])
  expect(rows).toEqual([{ email: 'second@example.com' }])
})

test('where a second factor is demanded, whoever has none is led to add one, and can then go on', async ({
  page,
  world,
  product,
  owner,
}) => {
  const webUrl = named(product.webUrl)
  await comeFrom(page.context(), '198.51.100.64')
  await owner.$client.query('update stores set second_factor_demanded_at = now() where id = $1', [
    world.store.id,
  ])
  await giveAuthenticator(page)
  await page.goto(webUrl + world.apiSettings)
  await signInByHand(page, world.storeOwner)
  await expect(page.getByText('asks for a second factor')).toBeVisible()
  await page.getByLabel('Name of the new passkey').fill('Laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('The passkey is added.')).toBeVisible()
  await page.goto(webUrl + world.apiSettings)
  await expect(page.getByRole('heading', { name: 'API Settings' })).toBeVisible()
  await page.goto(`${webUrl}/account`)
  await page.getByRole('button', { name: 'Remove the passkey Laptop' }).click()
  await expect(page.getByText('This is your last passkey')).toBeVisible()
})
