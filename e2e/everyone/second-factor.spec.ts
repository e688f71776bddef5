import { randomInt } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import { updateDemand } from '#db/queries/people/factors.ts'
import { buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { comeFrom, signInByHand } from '../fixtures/sign-in.ts'
import { test as base, expect, password } from '../fixtures/test.ts'

const test = base.extend({
  // WebAuthn takes no IP address: the same server by its name.
  baseURL: async ({ product }, use) => use(product.webUrl.replace('127.0.0.1', 'localhost')),
})

test.beforeEach(async ({ context }) => {
  await comeFrom(context, `198.18.${randomInt(256)}.${randomInt(256)}`)
})

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

async function addPasskey(page: Page) {
  await page.getByLabel('Name of the new passkey').fill('Laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('The passkey is added.')).toBeVisible()
}

/** As somebody without second factor does it. @returns the recovery codes. */
async function signInAndAddPasskey(page: Page, user: { email: string }): Promise<string[]> {
  await giveAuthenticator(page)
  await page.goto('/account')
  await signInByHand(page, user)
  await addPasskey(page)
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

async function proveWithPassword(page: Page) {
  await expect(page.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible()
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
}

test('a passkey is added, asked for after the password, and signs in alone', async ({ page, world }) => {
  await signInAndAddPasskey(page, world.storeOwner)
  await expect(page.getByText('Laptop', { exact: true })).toBeVisible()
  await signOut(page)

  await signInByHand(page, world.storeOwner)
  await expect(page.getByRole('heading', { name: 'Second step' })).toBeVisible()
  // The password alone opens nothing.
  await page.goto('/account')
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
  browser,
  baseURL,
}) => {
  const [code = ''] = await signInAndAddPasskey(page, world.storeOwner)
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' })
  await comeFrom(context, '198.51.100.62')
  const plain = await context.newPage()
  const enterCode = async () => {
    await plain.goto('/account')
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

test('whoever decides who works here proves anew who they are after ten minutes, and finds what they typed', async ({
  page,
  world,
  owner,
}) => {
  await signInAndAddPasskey(page, world.storeOwner)
  const members = `/stores/${world.store.id}/members`
  await page.goto(members)
  await makeStale(owner, world.storeOwner)
  const address = page.getByLabel('E-mail address')
  const invite = page.getByRole('button', { name: 'Invite', exact: true })
  const invited = async () => {
    const { rows } = await owner.$client.query(
      'select email, role from invitations where store_id = $1 order by id',
      [world.store.id],
    )
    return rows
  }
  await address.fill('first@example.com')
  await page.getByLabel('Role', { exact: true }).selectOption('administrator')
  await invite.click()
  await proveWithPassword(page)
  await expect(page).toHaveURL(members)
  await expect(page.getByText('Nothing was done yet')).toBeVisible()
  await expect(address).toHaveValue('first@example.com')
  expect(await invited()).toEqual([])
  // The same field of another form is nobody's business.
  await expect(page.getByRole('combobox', { name: `Role of ${world.storeViewer.name}` })).toHaveValue(
    'viewer',
  )
  await invite.click()
  await expect(
    page.getByRole('status').filter({ hasText: 'An invitation goes to first@example.com' }),
  ).toBeFocused()
  await expect(page.getByText('Nothing was done yet')).toBeHidden()
  expect(await invited()).toEqual([{ email: 'first@example.com', role: 'administrator' }])

  await makeStale(owner, world.storeOwner)
  await address.fill('second@example.com')
  await invite.click()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL(members)
  await expect(address).toHaveValue('second@example.com')
  // What was typed is kept for the way back, and no longer.
  await page.reload()
  await expect(address).toHaveValue('')
})

test('a proof asked for in a dialog leads back to it, with its ticks as they were', async ({
  page,
  world,
  owner,
}) => {
  const { store, storeOwner, storeViewer } = world
  await buildWebhookEndpoint(owner, {
    ...{ id: crypto.randomUUID(), url: 'https://example.com/webhooks', storeId: store.id },
    ...{ encryptedSecret: 'of no use here', createdBy: storeViewer.id },
  })
  await page.goto(`/stores/${store.id}/members?remove=${storeViewer.id}`)
  await signInByHand(page, storeOwner)
  const disable = page.getByRole('checkbox', { name: /^Disable/ })
  await disable.uncheck()
  await makeStale(owner, storeOwner)
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await proveWithPassword(page)
  await expect(dialog.getByText('Nothing was done yet')).toBeVisible()
  await expect(disable).not.toBeChecked()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: storeViewer.name })).toBeVisible()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a proof is given too, and the page says that all has to be typed again', async ({
    page,
    world,
    owner,
  }) => {
    const members = `/stores/${world.store.id}/members`
    await page.goto(members)
    await signInByHand(page, world.storeOwner)
    await makeStale(owner, world.storeOwner)
    await page.getByLabel('E-mail address').fill('first@example.com')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await expect(page.getByText('type and tick all of it again')).toBeVisible()
    await proveWithPassword(page)
    await expect(page).toHaveURL(members)
    await expect(page.getByLabel('E-mail address')).toHaveValue('')
  })
})

test('where a second factor is demanded, whoever has none is led to add one, and can then go on', async ({
  page,
  world,
  owner,
}) => {
  await updateDemand(owner, { side: 'merchant', storeId: world.store.id }, new Date())
  await giveAuthenticator(page)
  await page.goto('/inbox')
  await signInByHand(page, world.storeOwner)
  await page.getByRole('link', { name: 'Go on with a second factor' }).click()
  await expect(page.getByText('asks for a second factor')).toBeVisible()
  await page.goto(world.apiSettings)
  await expect(page.getByText('asks for a second factor')).toBeVisible()
  await addPasskey(page)
  await page.goto(world.apiSettings)
  await expect(page.getByRole('heading', { name: 'API Settings' })).toBeVisible()
  await page.goto('/account')
  await page.getByRole('button', { name: 'Remove the passkey Laptop' }).click()
  await expect(page.getByText('This is your last passkey')).toBeVisible()
})
