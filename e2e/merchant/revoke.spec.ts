import { holdScripts } from '../fixtures/hold-scripts.ts'
import { signInByHand } from '../fixtures/sign-in.ts'
import { expect, rowOf, selectBox, test } from '../fixtures/test.ts'

test('a merchant signs in, finds API Settings and revokes a token; the next call with it is refused', async ({
  page,
  world,
  callStore,
  owner,
}) => {
  const token = await world.issue()
  const other = await world.issue()
  expect((await callStore(token.text, world.store.id)).status).toBe(200)
  const counted = 'select from token_usage_hours where token_id = $1'
  await expect.poll(async () => (await owner.$client.query(counted, [token.id])).rowCount).toBe(1)

  await page.goto('/')
  await signInByHand(page, world.storeOwner)
  await expect(page.getByRole('heading', { name: 'My Services', level: 1 })).toBeVisible()
  await page.getByRole('link', { name: 'Store', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Store Manager' })).toBeVisible()
  await page.getByRole('link', { name: 'Real-Time Links' }).click()
  await page.getByRole('link', { name: 'API Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Partner API Access' })).toBeVisible()

  await selectBox(page, token).check()
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText(`…${token.last}`)
  await expect(dialog).toContainText('1 call in the last 24 hours would fail.')
  await expect(dialog.getByRole('img', { name: /^\d+ calls? in the last 30 days/ })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(dialog.getByRole('radio', { checked: true })).toHaveCount(0)
  await dialog.getByText('We no longer work together').click()
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()

  const result = page.getByRole('status').filter({ hasText: 'is revoked' })
  await expect(result).toBeFocused()
  await expect(result).toContainText(`…${token.last}`)
  await expect(result).toContainText(
    /Refused everywhere: (\d) of \1 API servers? answered in [\d.]+ s\. It is dead since/,
  )
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(new RegExp(`${world.apiSettings}$`))
  await expect(rowOf(page, token)).toHaveCount(0)
  await expect(rowOf(page, other)).toBeVisible()

  const refused = await callStore(token.text, world.store.id)
  expect(refused.status).toBe(400)
  expect(refused.body).toContain('<Code>10009</Code>')
  expect((await callStore(other.text, world.store.id)).status).toBe(200)

  await page.getByRole('link', { name: 'Revoked and expired' }).click()
  await expect(rowOf(page, token)).toContainText('No longer working together')
  await expect(rowOf(page, token)).toContainText('Store owner')
})

test.describe('on the API Settings page', () => {
  test.beforeEach(async ({ signIn, world }) => signIn(world.storeOwner))

  test('the forgotten second token is named, and dies too where it is ticked', async ({
    page,
    world,
    callStore,
  }) => {
    const original = await world.issue()
    const successor = await world.issue({ predecessorId: original.id })
    await page.goto(world.apiSettings)
    await expect(rowOf(page, original)).toContainText('Renewed')
    await selectBox(page, successor).check()
    await page.getByRole('button', { name: 'Revoke Selected' }).click()
    const dialog = page.getByRole('alertdialog')
    await expect(dialog).toContainText('has one more valid token for this store')
    await expect(dialog).toContainText(`…${original.last}`)
    await dialog.getByRole('checkbox').check()
    await dialog.getByText('It may have leaked').click()
    await expect(dialog.getByText('Was another token kept in the same place?')).toBeVisible()
    await dialog.getByRole('button', { name: 'Revoke 2 tokens' }).click()
    await expect(page.getByText('2 tokens are revoked.')).toBeVisible()
    for (const { text } of [original, successor]) {
      expect((await callStore(text, world.store.id)).body).toContain('<Code>10009</Code>')
    }
  })

  test('one partner with more tokens than the dialog lists is named, and their number; one tick is for all', async ({
    page,
    world,
  }) => {
    const chosen = await world.issue()
    for (let n = 0; n < 22; n++) await world.issue()
    await page.goto(`${world.apiSettings}?revoke=${chosen.id.toUpperCase()}&revoke=${chosen.id}`)
    const dialog = page.getByRole('alertdialog')
    await expect(dialog).toContainText('Parcel Pilot Test, Inc. has 22 more valid tokens for this store')
    await expect(dialog.getByRole('checkbox')).toHaveCount(21)
    await dialog.getByLabel('All 22, also those that are not listed here').check()
    await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(21)
    await dialog.getByRole('checkbox').first().uncheck()
    await expect(dialog.getByLabel('All 22')).not.toBeChecked()
    await expect(dialog.getByRole('button', { name: 'Revoke 20 tokens' })).toBeVisible()
    await expect(dialog).not.toContainText('not among yours')
  })

  test('a second token that is left out stays valid, is New again, and is offered once more', async ({
    page,
    world,
    callStore,
  }) => {
    const original = await world.issue()
    const successor = await world.issue({ predecessorId: original.id })
    await page.goto(`${world.apiSettings}?revoke=${successor.id}`)
    await page.getByText('Wrong end date').click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    const result = page.getByRole('status').filter({ hasText: 'is revoked' })
    await expect(result).toContainText('Still valid for API calls')
    await expect(result).toContainText('can be renewed again')
    await expect(rowOf(page, original)).toContainText('New')
    expect((await callStore(original.text, world.store.id)).status).toBe(200)
    await result.getByRole('link', { name: 'Revoke it as well…' }).click()
    await expect(page.getByRole('alertdialog')).toContainText(`…${original.last}`)
  })

  test('at the end of a chain of three the first is New again where the second was replaced', async ({
    page,
    world,
  }) => {
    const by = { id: world.storeOwner.id, name: world.storeOwner.name }
    const first = await world.issue()
    const replaced = { side: 'merchant', by, reason: 'replaced' } as const
    const second = await world.issue({ predecessorId: first.id, revocation: replaced })
    const third = await world.issue({ predecessorId: second.id })
    await page.goto(`${world.apiSettings}?revoke=${third.id}`)
    await page.getByText('Wrong end date').click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    const result = page.getByRole('status').filter({ hasText: 'is revoked' })
    await expect(result.getByRole('listitem').filter({ hasText: first.last })).toContainText(
      'can be renewed again',
    )
    await expect(rowOf(page, first)).toContainText('New')
  })

  test('other tokens that were ticked before the page’s scripts ran are counted', async ({ page, world }) => {
    const chosen = await world.issue()
    for (let n = 0; n < 3; n++) await world.issue()
    for (const [tick, ticked, button] of [
      [0, 1, 'Revoke 2 tokens'],
      [3, 4, 'Revoke 4 tokens'],
    ] as const) {
      const letScriptsCome = await holdScripts(page)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`, { waitUntil: 'commit' })
      const dialog = page.getByRole('alertdialog')
      await dialog.getByRole('checkbox').nth(tick).check()
      await expect(dialog.getByRole('button', { name: 'Revoke', exact: true })).toBeVisible()
      letScriptsCome()
      await expect(dialog.getByRole('button', { name: button })).toBeVisible()
      await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(ticked)
    }
  })

  for (const [width, height] of [
    [1280, 720],
    [320, 256],
  ] as const) {
    test(`a press that began before the page’s scripts ran ends where it began, at ${width} pixels`, async ({
      page,
      world,
    }) => {
      await page.setViewportSize({ width, height })
      const token = await world.issue()
      const letScriptsCome = await holdScripts(page)
      await page.goto(`${world.apiSettings}?revoke=${token.id}`, { waitUntil: 'commit' })
      const dialog = page.getByRole('alertdialog')
      await dialog.getByText('Something else…').hover()
      const place = await dialog.boundingBox()
      const scrolled = await dialog.evaluate((shown) => shown.scrollTop)
      await page.mouse.down()
      letScriptsCome()
      await expect(page.locator('dialog:modal')).toBeVisible()
      expect(await dialog.boundingBox()).toEqual(place)
      expect(await dialog.evaluate((shown) => shown.scrollTop)).toBe(scrolled)
      await page.mouse.up()
      await expect(dialog.getByLabel('In a few words')).toBeVisible()
    })
  }

  test('from the confirming click on the list stands as it will: what comes of it later moves nothing', async ({
    page,
    world,
  }) => {
    const tokens = [await world.issue(), await world.issue(), await world.issue()] as const
    const [gone, , stays] = tokens
    await page.goto(`${world.apiSettings}?revoke=${gone.id}`)
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await page.route(
      (url) => url.pathname === world.apiSettings,
      async (route) => {
        if (route.request().method() === 'POST') await held
        await route.continue()
      },
    )
    const topOf = () =>
      rowOf(page, stays).evaluate((row) => Math.round(row.getBoundingClientRect().top + scrollY))
    const top = await topOf()
    const dialog = page.locator('dialog:modal')
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(dialog.getByRole('button', { name: 'Revoking…' })).toBeVisible()
    await expect(rowOf(page, gone)).toBeHidden()
    const topWhileHeld = await topOf()
    expect(topWhileHeld).toBeGreaterThan(top)
    letGo()
    await expect(page.getByRole('status').filter({ hasText: 'is revoked' })).toBeFocused()
    await expect(page).toHaveURL(new RegExp(`${world.apiSettings}$`))
    expect(await topOf()).toBe(topWhileHeld)
    // Closed, it leaves nothing behind: the row of one token is gone from above it.
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await topOf()).toBeLessThan(top)
  })

  test('what the partner revoked meanwhile is said, and the rest is done', async ({
    page,
    world,
    owner,
    browser,
    signIn,
  }) => {
    const [first, second] = [await world.issue(), await world.issue()]
    await page.goto(world.apiSettings)
    await selectBox(page, first).check()
    await selectBox(page, second).check()
    await page.getByRole('button', { name: 'Revoke Selected' }).click()
    await expect(page.getByRole('alertdialog')).toContainText('Revoke Parcel Pilot Test, Inc.’s 2 tokens?')

    const partnerSide = await browser.newContext()
    await signIn(world.partnerAdministrator, partnerSide)
    const partnerPage = await partnerSide.newPage()
    await partnerPage.goto(`${world.partnerTokens}?revoke=${first.id}`)
    await partnerPage.getByText('It may have leaked').click()
    await partnerPage.getByRole('button', { name: 'Revoke Token(s)' }).click()
    await expect(partnerPage.getByText('is revoked.')).toBeVisible()
    await partnerSide.close()

    await page.getByText('We no longer work together').click()
    await page.getByRole('button', { name: 'Revoke 2 tokens' }).click()
    const result = page.getByRole('status').filter({ hasText: 'is revoked' })
    await expect(result).toContainText(`…${second.last} is revoked`)
    await expect(result).toContainText(
      'was already revoked by Partner administrator (the partner, administrator)',
    )
    const { rows } = await owner.$client.query(
      `select token_id, count(*)::int from audit_events where token_id = any($1) and action = 'token.revoked' group by 1`,
      [[first.id, second.id]],
    )
    expect(rows.map(({ count }) => count)).toEqual([1, 1])
  })

  test('no reason has to be given, and the partner reads that none was', async ({ page, world, signIn }) => {
    const token = await world.issue()
    await page.goto(`${world.apiSettings}?revoke=${token.id}`)
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(page.getByText('is revoked.')).toBeVisible()
    await signIn(world.partnerAdministrator)
    await page.goto(`${world.partnerTokens}/${token.id}`)
    await expect(page.getByRole('region', { name: 'History' })).toContainText(
      'Revoked (no reason given) by Store owner',
    )
  })

  test('a double click on Revoke revokes once', async ({ page, world, owner }) => {
    const token = await world.issue()
    await page.goto(`${world.apiSettings}?revoke=${token.id}`)
    await page.getByText('It may have leaked').click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).dblclick()
    await expect(page.getByText('is revoked.')).toBeVisible()
    const { rows } = await owner.$client.query(
      `select count(*)::int as count from audit_events where token_id = $1 and action = 'token.revoked'`,
      [token.id],
    )
    expect(rows[0].count).toBe(1)
  })

  test('a reason of one’s own wants words, and nothing that was chosen is lost', async ({ page, world }) => {
    const original = await world.issue()
    const token = await world.issue({ predecessorId: original.id })
    await page.goto(`${world.apiSettings}?revoke=${token.id}`)
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('checkbox').check()
    await dialog.getByText('Something else…').click()
    await dialog.getByRole('button', { name: 'Revoke 2 tokens' }).click()
    await expect(dialog.getByRole('alert')).toContainText('Say in a few words why.')
    await expect(dialog.getByLabel('In a few words')).toBeFocused()
    await expect(dialog.getByLabel('Something else…')).toBeChecked()
    await expect(dialog.getByRole('checkbox')).toBeChecked()
    await dialog.getByLabel('In a few words').fill('The contract has ended.')
    await dialog.getByRole('button', { name: 'Revoke 2 tokens' }).click()
    await expect(page.getByText('2 tokens are revoked.')).toBeVisible()
    await page.goto(`${world.apiSettings}/${token.id}`)
    await expect(page.getByText('The contract has ended.').first()).toBeVisible()
  })

  test('someone signed out meanwhile learns of it, signs in elsewhere and confirms again', async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    const token = await world.issue()
    await page.goto(`${world.apiSettings}?revoke=${token.id}`)
    await owner.$client.query('update sessions set ended_at = now() where user_id = $1', [
      world.storeOwner.id,
    ])
    await page.getByText('Something else…').click()
    await page.getByLabel('In a few words').fill('Typed before')
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(page.getByRole('alertdialog').getByRole('alert')).toContainText(
      'You are signed out; nothing was revoked.',
    )
    await signIn(world.storeOwner)
    await expect(page.getByLabel('In a few words')).toHaveValue('Typed before')
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(page.getByText('is revoked.')).toBeVisible()
  })

  test('keyboard alone is enough, and Escape leads back to the button', async ({ page, world }) => {
    const token = await world.issue()
    await page.goto(world.apiSettings)
    await selectBox(page, token).focus()
    await page.keyboard.press('Space')
    const open = page.getByRole('button', { name: 'Revoke Selected' })
    await open.focus()
    await page.keyboard.press('Enter')
    const cancel = page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' })
    await expect(cancel).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('alertdialog')).toBeHidden()
    await expect(open).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(cancel).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alertdialog')).toBeHidden()
    await expect(open).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(cancel).toBeFocused()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Space')
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(1)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: 'Revoke', exact: true })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status').filter({ hasText: 'is revoked' })).toBeFocused()
  })

  test('what can be done with a choice appears with the first tick, and Clear leaves the focus in the table', async ({
    page,
    world,
  }) => {
    const token = await world.issue()
    await page.goto(world.apiSettings)
    const buttons = page.getByRole('button', { name: / Selected$/ })
    await expect(page.getByText('0 selected')).toBeAttached()
    await expect(buttons).toHaveCount(0)
    await selectBox(page, token).check()
    await expect(buttons).toHaveText(['Renew Selected', 'Pause Selected', 'Revoke Selected'])
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect(selectBox(page, token)).not.toBeChecked()
    await expect(buttons).toHaveCount(0)
    await expect(page.getByRole('checkbox', { name: 'Select all tokens on this page' })).toBeFocused()
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('with nothing selected both buttons say what to do, and no box is shown that does nothing', async ({
    page,
    world,
    signIn,
  }) => {
    await world.issue()
    await signIn(world.storeOwner)
    await page.goto(world.apiSettings)
    for (const name of ['Renew Selected', 'Revoke Selected']) {
      await page.getByRole('button', { name }).click()
      await expect(
        page.getByRole('alert').filter({ hasText: 'Select at least one token first.' }),
      ).toBeVisible()
    }
    await expect(page.getByRole('checkbox', { name: 'Select all tokens on this page' })).toBeHidden()
    await expect(page.getByText('Select all on this page')).toBeHidden()
  })

  test('a merchant signs in, reads and revokes', async ({ page, world, callStore }) => {
    const token = await world.issue()
    await page.goto(world.apiSettings)
    await signInByHand(page, world.storeOwner)
    await expect(page).toHaveURL(new RegExp(`${world.apiSettings}$`))
    await selectBox(page, token).check()
    await page.getByRole('button', { name: 'Revoke Selected' }).click()
    await page.getByText('It may have leaked').click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(page.getByText('is revoked.')).toBeVisible()
    expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
  })
})
