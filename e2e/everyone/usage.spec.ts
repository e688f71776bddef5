import type { Locator, Page } from '@playwright/test'
import { callGateway } from '../fixtures/call-gateway.ts'
import { expect, linkOf, rowOf, selectBox, test, type World } from '../fixtures/test.ts'

/** What the gateway has noted is written within seconds. */
const patient = { timeout: 20_000, intervals: [250] }

const sides = {
  merchant: { list: (world: World) => world.apiSettings, person: (world: World) => world.storeOwner },
  partner: {
    list: (world: World) => world.partnerTokens,
    person: (world: World) => world.partnerAdministrator,
  },
}

/** Loads the page again until it shows the text. */
async function expectInTheEnd(page: Page, shown: Locator, text: string | RegExp) {
  await expect(async () => {
    await page.reload()
    await expect(shown).toContainText(text, { timeout: 1_000 })
  }).toPass(patient)
}

for (const [side, { list, person }] of Object.entries(sides)) {
  test.describe(`on the ${side}’s side`, () => {
    test.beforeEach(async ({ signIn, world }) => signIn(person(world)))

    test('a token is “never used” until it is, and then its page says how often, from where and with what', async ({
      page,
      world,
      callStore,
    }) => {
      const token = await world.issue()
      await page.goto(list(world))
      const row = rowOf(page, token)
      await expect(row).toContainText('never used')
      await expect(row.getByRole('img', { name: 'no calls in the last 30 days' })).toBeVisible()

      for (let n = 0; n < 3; n++) expect((await callStore(token.text, world.store.id)).status).toBe(200)
      await expectInTheEnd(page, row, 'just now')
      await expect(row.getByRole('img', { name: /^3 calls in the last 30 days, last on / })).toBeVisible()

      await linkOf(page, token).click()
      const usage = page.getByRole('region', { name: 'Usage' })
      await expect(usage).toContainText(/Last used (just now|1 minute ago) for Order from 127\.0\.0\.1 with /)
      await expect(usage.getByRole('row', { name: 'Order 3 0' })).toBeVisible()
      const from = usage.getByRole('listitem').filter({ hasText: '127.0.0.1' }).first()
      await expect(from).toContainText(/last (just now|1 minute ago)first (just now|1 minute ago)/)
      await expect(from.getByRole('img', { name: 'on 1 day' })).toBeVisible()
      await usage.getByText('The days of each address as a table').click()
      const daysFrom = usage.getByRole('table', { name: 'Days with calls by address' })
      await expect(daysFrom.getByRole('row').nth(1)).toContainText(/^127\.0\.0\.1\d+ \w+ 20\d\d$/)
      const day = usage.getByRole('slider', { name: 'Day' })
      await expect(day).toHaveAttribute('aria-valuetext', /20\d\d: 3 accepted$/)
      await day.press('ArrowLeft')
      await expect(day).toHaveAttribute('aria-valuetext', /20\d\d: no calls$/)
      await day.press('End')
      await day.hover({ position: { x: 3, y: 3 } })
      await expect(usage.locator('p').filter({ hasText: /20\d\d: no calls$/ })).toBeVisible()
      await usage.getByText('The days as a table').click()
      const days = usage.getByRole('table', { name: 'Calls by day' }).getByRole('row')
      await expect(days).toHaveCount(31)
      await expect(days.nth(1)).toContainText(/20\d\d30$/)
    })

    test('a call with a revoked token is shown in the list, in the record and on its page', async ({
      page,
      world,
      callStore,
    }) => {
      const by = { id: world.storeOwner.id, name: world.storeOwner.name }
      const [left, tried] = [
        await world.issue({ revocation: { side: 'merchant', by } }),
        await world.issue({ revocation: { side: 'merchant', by, reason: 'exposed' } }),
      ]
      await page.goto(list(world))
      await expect(page.getByText('still being tried')).toHaveCount(0)
      for (let n = 0; n < 2; n++) {
        expect((await callStore(tried.text, world.store.id)).body).toContain('<Code>10009</Code>')
      }
      const since = 'refused 2 times, last just now from 127.0.0.1'
      await expectInTheEnd(page, page.getByRole('main'), since)
      await expect(page.getByText('1 revoked token is still being tried.')).toBeVisible()

      await page.getByRole('link', { name: 'Revoked and expired' }).click()
      await expect(rowOf(page, tried)).toContainText(/Revoked still tried 2 times.*last .* from 127\.0\.0\.1/)
      await expect(rowOf(page, left)).not.toContainText('tried')
      await linkOf(page, tried).click()
      await expect(page.getByRole('main')).toContainText(
        /It was presented 2 times after its revocation, and refused each time\.First on .* from 127\.0\.0\.1/,
      )
    })

    test('what a program of the partner revoked is distinguished from what a person did', async ({
      page,
      world,
      product,
    }) => {
      const token = await world.issue()
      const answer = await callGateway(product, '/revoke', {
        method: 'POST',
        body: new URLSearchParams({ token: token.text }),
      })
      expect(answer.status).toBe(200)
      await page.goto(`${list(world)}?show=ended&revoke=${token.id}`)
      const dialog = page.getByRole('alertdialog')
      await expect(dialog).toContainText('was revoked by a program of the partner')
      await dialog.getByRole('button', { name: 'Close' }).click()
      await expect(rowOf(page, token)).toContainText('a program of the partner')
      await linkOf(page, token).click()
      const action = page.getByRole('region', { name: 'History' }).getByRole('listitem').first()
      await expect(action).toContainText('Revoked by a program of the partner')
    })
  })
}

test('the dialog says what will stop, and whether the renewed token has taken over', async ({
  page,
  world,
  callStore,
  signIn,
}) => {
  const original = await world.issue()
  const successor = await world.issue({ predecessorId: original.id })
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?revoke=${original.id}`)
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('Nobody called with it in the last 24 hours.')
  await expect(dialog).toContainText('no calls in 24 hours, never used')
  await expect(dialog).toContainText(`Its renewed token ending in …${successor.last} was never used.`)

  for (let n = 0; n < 2; n++) await callStore(original.text, world.store.id)
  await expectInTheEnd(page, dialog, '2 calls in 24 hours (Order 2), from 1 address, last used just now')
  await expect(dialog).toContainText('2 calls in the last 24 hours would fail.')
  await expect(dialog).toContainText(`…${successor.last} was never used: whoever calls is cut off.`)
  await expect(dialog).toHaveAccessibleDescription(/2 calls in the last 24 hours.* whoever calls is cut off/)

  await callStore(successor.text, world.store.id)
  await expectInTheEnd(page, dialog, `…${successor.last} is in use already, last just now.`)
  await expect(dialog).not.toContainText('cut off')

  await page.goto(world.apiSettings)
  for (const token of [original, successor]) await selectBox(page, token).check()
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  await expect(dialog).toContainText('3 calls in the last 24 hours would fail.')
  await expect(dialog).toContainText('They came with 2 of the 2 tokens: Order 3.')
  await expect(dialog).toContainText(`…${successor.last} ends with it.`)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('usage is shown all the same, in the list, in the dialog and on the token’s page', async ({
    page,
    world,
    callStore,
    signIn,
  }) => {
    const token = await world.issue()
    await signIn(world.partnerAdministrator)
    await callStore(token.text, world.store.id)
    await page.goto(world.partnerTokens)
    await expectInTheEnd(page, rowOf(page, token), 'just now')
    await page.goto(`${world.partnerTokens}?revoke=${token.id}`)
    await expect(page.getByText('1 call in the last 24 hours')).toBeVisible()
    await page.goto(`${world.partnerTokens}/${token.id}`)
    const usage = page.getByRole('region', { name: 'Usage' })
    await expect(usage.getByRole('slider')).toHaveCount(0)
    await expect(usage.locator('title').filter({ hasText: /20\d\d: 1 accepted$/ })).toHaveCount(1)
    await usage.getByText('The days as a table').click()
    await expect(usage.getByRole('table', { name: 'Calls by day' })).toBeVisible()
  })
})
