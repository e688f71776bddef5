import type { Page } from '@playwright/test'
import { addPartnerMember, addStoreMember, buildUser } from '#tools/seed/builders.ts'
import { comeFrom, signInByHand } from '../fixtures/sign-in.ts'
import { expect, openSession, rowOf, test } from '../fixtures/test.ts'

test('the cookie of a session is out of reach for scripts and other sites, and a new one each time', async ({
  page,
  world,
  context,
}) => {
  const values = []
  for (let n = 0; n < 2; n++) {
    await page.goto('/sign-in')
    await signInByHand(page, world.storeOwner)
    await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
    const [cookie, ...more] = (await context.cookies()).filter(({ name }) => name.endsWith('.session-token'))
    expect(more).toEqual([])
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    // Scripts see the time zone that one of them has kept for the sign-in, and nothing else.
    expect(await page.evaluate(() => document.cookie)).toBe('time-zone=Europe%2FLisbon')
    values.push(cookie?.value)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByText('You are signed out.')).toBeVisible()
  }
  expect(values[0]).not.toBe(values[1])
})

test('signing out ends the session itself, not only the cookie', async ({
  page,
  world,
  context,
  product,
}) => {
  await page.goto('/sign-in')
  await signInByHand(page, world.storeOwner)
  await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
  const kept = await context.cookies()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await page.goBack()
  await expect(page.getByLabel('Password')).toBeVisible()
  await context.addCookies(kept)
  const response = await page.goto(product.webUrl + world.apiSettings)
  expect(response?.url()).toContain('/sign-in?')
  await expect(page.getByText('You were signed out.')).toBeVisible()
})

for (const where of ['here', 'elsewhere'] as const) {
  test(`who was signed out ${where} finds no list of tokens on the way Back`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    const token = await world.issue()
    await signIn(world.storeOwner)
    await page.goto('/my-services')
    // Moves within the document, as people do: what the router keeps is what Back would show.
    await page.getByRole('link', { name: 'Store', exact: true }).click()
    await page.getByRole('link', { name: 'Real-Time Links' }).click()
    // The page before has a link to API Settings as well: clicked there, it would leave out a step of the way Back.
    await expect(page).toHaveURL(/\/real-time-links$/)
    await page.getByRole('link', { name: 'API Settings' }).click()
    await expect(rowOf(page, token)).toBeVisible()
    const signInPage = page.waitForResponse(
      (response) =>
        response.request().isNavigationRequest() && new URL(response.url()).pathname === '/sign-in',
    )
    if (where === 'here') await page.getByRole('button', { name: 'Sign out' }).click()
    else {
      await owner.$client.query('update sessions set ended_at = now() where user_id = $1', [
        world.storeOwner.id,
      ])
      await page.getByRole('link', { name: 'Inbox' }).click()
    }
    expect(await (await signInPage).headerValue('clear-site-data')).toBe('"cache"')
    await expect(page.getByLabel('Password')).toBeVisible()
    const storePage = `/stores/${world.store.id}`
    for (let steps = 0; steps < 3; steps += 1) {
      // The server is asked for the page anew: none comes from memory.
      const asked = page.waitForResponse((response) => new URL(response.url()).pathname.startsWith(storePage))
      // Not `goBack`: it fails where the page that is gone back to leads on to another one.
      await page.evaluate(() => history.back())
      await asked
      await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fstores%2F/)
      await expect(page.getByLabel('Password')).toBeVisible()
      await expect(page.getByText(token.last)).toHaveCount(0)
    }
  })
}

test('a person ends one session and then all others, and those are out at their next click', async ({
  page,
  world,
  context,
  browser,
  signIn,
  product,
}) => {
  await signIn(world.storeOwner)
  const others: Page[] = []
  for (const [n, name] of ['Firefox/130.0', 'Firefox/130.0', 'Edg/130.0'].entries()) {
    const other = await browser.newContext({ userAgent: `Mozilla/5.0 (X11; Linux x86_64) ${name}` })
    await comeFrom(other, `198.19.1.${n + 1}`)
    const otherPage = await other.newPage()
    await otherPage.goto(`${product.webUrl}/sign-in`)
    await signInByHand(otherPage, world.storeOwner)
    await expect(otherPage.getByRole('link', { name: 'Store', exact: true })).toBeVisible()
    others.push(otherPage)
  }
  await page.goto('/account')
  await page.getByRole('button', { name: /^End .*198\.19\.1\.1$/ }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The session has been ended.' })).toBeFocused()
  await expectOut(others[0])
  await others[1]?.reload()
  await expect(others[1] as Page).toHaveURL(/\/my-services$/)
  await page.getByRole('button', { name: 'End all other sessions' }).click()
  await expect(page.getByText('2 sessions have been ended.')).toBeVisible()
  await expectOut(others[1])
  await expectOut(others[2])
  await page.reload()
  await expect(page.getByText('This device')).toBeVisible()
  expect(await context.cookies()).not.toEqual([])
  for (const other of others) await other.context().close()
})

test('a disabled person is out at the next click, and cannot come back', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto('/my-services')
  await owner.$client.query('update users set disabled_at = now() where id = $1', [world.storeOwner.id])
  await page.getByRole('link', { name: 'Store', exact: true }).click()
  await expect(page.getByText('You were signed out.')).toBeVisible()
  await signInByHand(page, world.storeOwner)
  await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible()
})

test('someone on both sides switches between them in the header', async ({ page, world, owner, product }) => {
  const both = await buildUser(owner, { name: 'Both' })
  await addStoreMember(owner, { store: world.store, user: both })
  await addPartnerMember(owner, { partner: world.partner, user: both })
  const { name, value } = await openSession(owner, product, both)
  await page.context().addCookies([{ name, value, url: product.webUrl }])
  await page.goto('/')
  const sides = page.getByRole('navigation', { name: 'Side' })
  await expect(sides.getByRole('link', { name: 'Merchant' })).toHaveAttribute('aria-current', 'true')
  await sides.getByRole('link', { name: 'Partner' }).click()
  await expect(page.getByRole('heading', { name: 'Manage Partner Tokens' })).toBeVisible()
  await sides.getByRole('link', { name: 'Merchant' }).click()
  await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
})

async function expectOut(page: Page | undefined) {
  if (!page) throw new Error('no page')
  await page.getByRole('link', { name: 'Store', exact: true }).click()
  await expect(page.getByText('You were signed out.')).toBeVisible()
}
