import { type OwnProduct, startProduct } from '#tools/test-product/product.ts'
import { test as base, expect, expectAccessible, orderQuery } from '../fixtures/test.ts'

/** A product of its own, whose database can be taken away without disturbing other tests. */
const test = base.extend<object, { product: OwnProduct }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      const product = await startProduct({ fill: 'nothing' })
      await use(product)
      await product.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

// One database: what one test takes away, the other ones miss.
test.describe.configure({ mode: 'default', timeout: 90_000 })
test.afterEach(async ({ product }) => product.database.start())

const patienceMs = 2_000

test('a page says that it could not be made, and “Try again” shows it when the database is back', async ({
  page,
  world,
  signIn,
  product,
}) => {
  await world.issue()
  await signIn(world.storeOwner)
  await page.goto('/my-services')
  await product.database.stop()

  const response = await page.goto(world.apiSettings)
  expect(response?.status()).toBe(500)
  await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible()
  const retry = page.getByRole('button', { name: 'Try again' })
  await retry.click()
  await expect(retry).toBeVisible()
  await expectAccessible(page)
  expect(await page.content()).not.toMatch(/ECONNREFUSED|postgres|Error:/)
  expect((await page.request.get('/healthz')).status()).toBe(200)
  expect((await page.request.get('/readyz')).status()).toBe(503)

  await product.database.start()
  await expect.poll(async () => (await page.request.get('/readyz')).status()).toBe(200)
  await retry.click()
  await expect(page.getByRole('heading', { name: 'Partner API Access' })).toBeVisible()
})

test('signing in says that the database does not answer, keeps the e-mail address, and works afterwards', async ({
  page,
  world,
  product,
  browser,
  signIn,
}) => {
  const signedIn = await browser.newContext()
  await signIn(world.storeOwner, signedIn)
  await page.goto('/sign-in')
  await product.database.stop()
  await page.getByLabel('E-mail').fill(world.storeOwner.email)
  await page.getByLabel('Password').fill('only-for-tests-password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('because our database does not answer')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue(world.storeOwner.email)
  // Whether somebody is signed in cannot be known either.
  const opened = await signedIn.newPage()
  await opened.goto(`${product.webUrl}/sign-in`)
  await expect(opened.getByText('because our database does not answer')).toBeVisible()
  await signedIn.close()

  await product.database.start()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'My Services' })).toBeVisible()
})

test('the dialog keeps what was typed, says that the database did not answer, and then revokes once', async ({
  page,
  world,
  signIn,
  product,
  owner,
}) => {
  const original = await world.issue()
  const token = await world.issue({ predecessorId: original.id })
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('checkbox').check()
  await dialog.getByText('Something else…').click()
  await dialog.getByLabel('In a few words').fill('Typed before the outage')
  await product.database.stop()
  const confirm = dialog.getByRole('button', { name: 'Revoke 2 tokens' })
  await confirm.click()
  await expect(dialog.getByRole('alert')).toContainText('The database did not answer.')
  await expect(dialog.getByLabel('In a few words')).toHaveValue('Typed before the outage')
  await expect(dialog.getByRole('checkbox')).toBeChecked()

  await product.database.start()
  await confirm.click()
  await expect(page.getByText('2 tokens are revoked.')).toBeVisible()
  const { rows } = await owner.$client.query(
    `select token_id, note from audit_events where action = 'token.revoked' and store_id = $1`,
    [world.store.id],
  )
  expect(rows).toHaveLength(2)
  expect(rows[0].note).toBe('Typed before the outage')
})

test('the gateway refuses quickly with 503 and 10500, and accepts again by itself', async ({
  world,
  callStore,
  product,
}) => {
  const token = await world.issue()
  expect((await callStore(token.text, world.store.id)).status).toBe(200)
  await product.database.stop()
  for (let n = 0; n < 5; n++) {
    const startedAt = performance.now()
    const body = orderQuery(token.text, world.store.id)
    const answer = await fetch(`${product.gatewayUrl}/V1/order`, { method: 'POST', body })
    expect([answer.status, (await answer.text()).includes('<Code>10500</Code>')]).toEqual([503, true])
    expect(performance.now() - startedAt).toBeLessThan(patienceMs)
  }
  await product.database.start()
  await expect.poll(async () => (await callStore(token.text, world.store.id)).status).toBe(200)
})
