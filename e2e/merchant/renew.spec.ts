import { dayMs } from '#lib/time/units.ts'
import { holdScripts } from '../fixtures/hold-scripts.ts'
import { expect, rowOf, selectBox, test } from '../fixtures/test.ts'

const dayFromNow = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)

test.beforeEach(async ({ signIn, world }) => signIn(world.storeOwner))

test('a merchant renews a token until a day of the calendar, and the old one works on', async ({
  page,
  world,
  owner,
  callStore,
}) => {
  const token = await world.issue()
  await page.goto(world.apiSettings)
  await selectBox(page, token).check()
  await page.getByRole('button', { name: 'Renew Selected' }).click()
  const dialog = page.getByRole('dialog', { name: 'Renew Partner Token(s)' })
  await expect(dialog).toContainText(`…${token.last}`)
  await expect(dialog).toContainText('in your time zone (Europe/Lisbon)')
  const calendar = dialog.getByLabel('The new token expires on')
  await expect(calendar).toBeFocused()
  const [min = '', usual = '', max = ''] = await calendar.evaluate((input: HTMLInputElement) => [
    input.min,
    input.value,
    input.max,
  ])
  // The day of tomorrow's same hour, one year, and the last day that ends within five years.
  expect(Math.abs(Date.parse(min) - Date.parse(dayFromNow(1)))).toBeLessThanOrEqual(dayMs)
  expect(Math.abs(Date.parse(usual) - Date.parse(dayFromNow(365)))).toBeLessThanOrEqual(2 * dayMs)
  expect(Math.abs(Date.parse(max) - Date.parse(dayFromNow(5 * 365 + 1)))).toBeLessThanOrEqual(2 * dayMs)
  // A reload keeps the dialog.
  await page.reload()
  // Until the page's scripts have run its days are those of UTC, and it says so.
  await expect(dialog).toContainText('in your time zone (Europe/Lisbon)')
  await dialog.getByLabel('The new token expires on').fill('2028-07-01')
  await dialog.getByRole('button', { name: 'Renew', exact: true }).click()

  const result = page.getByRole('status').filter({ hasText: 'The token is renewed.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText('1 Jul 2028, 23:59')
  await expect(result).toContainText(`…${token.last}, goes on working until`)
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(new RegExp(`${world.apiSettings}$`))
  const { rows } = await owner.$client.query(
    'select id, last_characters, expires_at from tokens where predecessor_id = $1',
    [token.id],
  )
  expect(rows).toHaveLength(1)
  // In summer Lisbon is an hour ahead of UTC.
  expect(rows[0].expires_at.toISOString()).toBe('2028-07-01T22:59:59.999Z')
  const successor = { last: rows[0].last_characters }
  await expect(rowOf(page, token)).toContainText('Renewed')
  await expect(selectBox(page, successor)).toBeVisible()
  await expect(page.getByText('0 selected')).toBeVisible()
  expect((await callStore(token.text, world.store.id)).status).toBe(200)

  await result.getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: `Token …${successor.last}` })).toBeVisible()
})

test('a token that lives longer than what is proposed says so before it is renewed', async ({
  page,
  world,
}) => {
  const [long, short] = [
    await world.issue({ expiresAt: new Date(Date.now() + 1000 * dayMs) }),
    await world.issue({ expiresAt: new Date(Date.now() + 20 * dayMs) }),
  ]
  const warning = page.getByText('Works longer than a year')
  await page.goto(`${world.apiSettings}?renew=${short.id}`)
  await expect(page.getByRole('dialog')).toContainText(short.last)
  await expect(warning).toHaveCount(0)
  await page.goto(`${world.apiSettings}?renew=${long.id}&renew=${short.id}`)
  await expect(
    page.getByRole('listitem').filter({ hasText: long.last }).filter({ has: warning }),
  ).toBeVisible()
  await expect(warning).toHaveCount(1)
})

test('a day that is too soon or too late is refused, and what was typed is kept', async ({
  page,
  world,
  owner,
}) => {
  const token = await world.issue()
  await page.goto(`${world.apiSettings}?renew=${token.id}`)
  const dialog = page.getByRole('dialog')
  const calendar = dialog.getByLabel('The new token expires on')
  for (const [day, words] of [
    [dayFromNow(-1), 'A new token lives for one day at least'],
    [dayFromNow(5 * 366 + 2), 'A new token lives for five years at most'],
  ] as const) {
    await calendar.fill(day)
    await dialog.getByText('it ends itself when the new one is first used').click()
    await dialog.getByRole('button', { name: 'Renew', exact: true }).click()
    await expect(dialog.getByRole('alert')).toContainText(words)
    await expect(calendar).toBeFocused()
    await expect(calendar).toHaveAttribute('aria-describedby', /until-problem/)
    await expect(dialog.getByRole('radio', { name: /days|year/, checked: true })).toHaveCount(0)
    await expect(calendar).toHaveValue(day)
    await expect(dialog.getByLabel('when the new one is first used')).toBeChecked()
  }
  const { rowCount } = await owner.$client.query('select from tokens where predecessor_id = $1', [token.id])
  expect(rowCount).toBe(0)
})

test('many are renewed at once; Renewed ones are left out and say why, alone they are not taken at all', async ({
  page,
  world,
}) => {
  const [first, second, renewed] = [await world.issue(), await world.issue(), await world.issue()]
  const successor = await world.issue({ predecessorId: renewed.id })
  await page.goto(world.apiSettings)
  await selectBox(page, renewed).check()
  await page.getByRole('button', { name: 'Renew Selected' }).click()
  await expect(
    page.getByText('This token is marked Renewed, and only a token marked New can be renewed.'),
  ).toBeVisible()
  await expect(page.getByRole('dialog')).toBeHidden()
  await selectBox(page, first).check()
  await selectBox(page, second).check()
  await page.getByRole('button', { name: 'Renew Selected' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('The 2 new tokens expire on')).toBeVisible()
  await dialog.getByText('1 is left out').click()
  await expect(dialog).toContainText(
    new RegExp(`1 is left out.*…${renewed.last} of .* is renewed already, by .*…${successor.last}`),
  )
  await dialog.getByRole('button', { name: 'Renew', exact: true }).click()
  const result = page.getByRole('status').filter({ hasText: '2 tokens are renewed.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText(`…${renewed.last} of Parcel Pilot Test, Inc. is renewed already`)
  // They can still be revoked.
  await selectBox(page, renewed).check()
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  await expect(page.getByRole('alertdialog')).toContainText(`…${renewed.last}`)
})

test('shortcuts change the calendar, and the end is said in words, as the person writes dates', async ({
  page,
  world,
}) => {
  const token = await world.issue()
  await page.goto(`${world.apiSettings}?renew=${token.id}`)
  const dialog = page.getByRole('dialog')
  const calendar = dialog.getByLabel('The new token expires on')
  await expect(dialog).toContainText('in your time zone (Europe/Lisbon)')
  await expect(dialog.getByLabel('1 year')).toBeChecked()
  const usual = await calendar.inputValue()
  await dialog.getByText('2 years').click()
  await expect(calendar).toHaveValue(`${Number(usual.slice(0, 4)) + 1}${usual.slice(4)}`)
  await calendar.fill('2028-07-01')
  await expect(dialog.getByText('Ends Saturday, 1 July 2028, 23:59')).toBeVisible()
  await expect(dialog.getByRole('radio', { name: /days|year/, checked: true })).toHaveCount(0)
})

test('a double click renews once', async ({ page, world, owner }) => {
  const token = await world.issue()
  await page.goto(`${world.apiSettings}?renew=${token.id}`)
  await page.getByRole('button', { name: 'Renew', exact: true }).dblclick()
  await expect(page.getByText('The token is renewed.')).toBeVisible()
  const { rowCount } = await owner.$client.query('select from tokens where predecessor_id = $1', [token.id])
  expect(rowCount).toBe(1)
})

test('what the partner renewed meanwhile is said, with its new token', async ({
  page,
  world,
  browser,
  signIn,
}) => {
  const token = await world.issue()
  await page.goto(`${world.apiSettings}?renew=${token.id}`)
  await expect(page.getByRole('dialog')).toBeVisible()
  const partnerSide = await browser.newContext()
  await signIn(world.partnerAdministrator, partnerSide)
  const partnerPage = await partnerSide.newPage()
  await partnerPage.goto(`${world.partnerTokens}?renew=${token.id}`)
  await partnerPage.getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(partnerPage.getByText('The token is renewed.')).toBeVisible()
  await partnerSide.close()
  await page.getByRole('button', { name: 'Renew', exact: true }).click()
  const result = page.getByRole('status').filter({ hasText: 'No token was renewed.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText(/is renewed already, by .*…/)
})

test('keyboard alone is enough, and Escape leads back to the button', async ({ page, world }) => {
  const token = await world.issue()
  await page.goto(world.apiSettings)
  await selectBox(page, token).focus()
  await page.keyboard.press('Space')
  const open = page.getByRole('button', { name: 'Renew Selected' })
  await open.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('The new token expires on')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(open).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('The new token expires on')).toBeFocused()
  // Enter in a field sends the form by its first submit button of its own.
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'The token is renewed.' })).toBeFocused()
})

test('a dialog that its address opens keeps the focus when its days turn to the reader’s time zone', async ({
  page,
  world,
}) => {
  const token = await world.issue()
  await page.goto(`${world.apiSettings}?renew=${token.id}`)
  await expect(page.getByText('in your time zone (Europe/Lisbon)')).toBeVisible()
  await expect(page.getByLabel('The new token expires on')).toBeFocused()
})

test('a shortcut that was pressed before the page’s scripts ran is in the calendar', async ({
  page,
  world,
}) => {
  const token = await world.issue()
  const letScriptsCome = await holdScripts(page)
  await page.goto(`${world.apiSettings}?renew=${token.id}`, { waitUntil: 'commit' })
  const dialog = page.getByRole('dialog')
  await dialog.getByText('90 days').click()
  letScriptsCome()
  await expect(dialog.getByText(/^Ends .*, in 90 days\.$/)).toBeVisible()
  await expect(dialog.getByRole('radio', { name: '90 days' })).toBeChecked()
})

test('a viewer is not offered to renew, by the list or by an address', async ({ page, world, signIn }) => {
  const token = await world.issue()
  await signIn(world.storeViewer)
  await page.goto(`${world.apiSettings}?renew=${token.id}`)
  await expect(rowOf(page, token)).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Renew Selected' })).toHaveCount(0)
})

test('once the new token was called with it is in use, and the old one’s row offers to revoke it, which asks first', async ({
  page,
  world,
  callStore,
}) => {
  const old = await world.issue()
  const successor = await world.issue({ predecessorId: old.id })
  await page.goto(world.apiSettings)
  await expect(rowOf(page, successor)).toContainText('Not used yet')
  const revoke = rowOf(page, old).getByRole('link', { name: `Revoke… …${old.last}` })
  await expect(revoke).toHaveCount(0)
  expect((await callStore(successor.text, world.store.id)).status).toBe(200)
  await expect(async () => {
    await page.reload()
    await expect(rowOf(page, successor)).toContainText('In use since', { timeout: 1_000 })
  }).toPass({ timeout: 20_000, intervals: [250] })
  await expect(rowOf(page, old)).toContainText('Old, can go now')
  expect((await callStore(old.text, world.store.id)).status).toBe(200)
  await expect(async () => {
    await page.reload()
    await expect(rowOf(page, old)).toContainText('Old, still in use', { timeout: 1_000 })
  }).toPass({ timeout: 20_000, intervals: [250] })
  await rowOf(page, old).locator('summary').click()
  await rowOf(page, old).getByRole('link', { name: 'Revoke…' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText(`Revoke the old token …${old.last}?`)
  await expect(dialog).toContainText(/was still used .*, after .* had come into use/)
  await expect(dialog).toContainText(`…${successor.last} has replaced it, and goes on working.`)
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  expect((await callStore(old.text, world.store.id)).status).toBe(200)
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  const result = page.getByRole('status').filter({ hasText: 'is revoked' })
  await expect(result).toBeFocused()
  await expect(result).toContainText(`…${old.last} is revoked`)
  await expect(result).toContainText(/Refused everywhere: (\d) of \1 API servers?/)
  await expect(result).toContainText('has taken over, and goes on working')
  await expect(result.getByRole('link', { name: 'as well' })).toHaveCount(0)
  await expect(rowOf(page, old)).toHaveCount(0)
  expect((await callStore(old.text, world.store.id)).body).toContain('<Code>10009</Code>')
  expect((await callStore(successor.text, world.store.id)).status).toBe(200)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a shortcut counts where the calendar was left as it was', async ({ page, world, owner }) => {
    const token = await world.issue()
    await page.goto(`${world.apiSettings}?renew=${token.id}`)
    await page.getByRole('dialog').getByText('90 days').click()
    await page.getByRole('button', { name: 'Renew', exact: true }).click()
    await expect(page.getByText('The token is renewed.')).toBeVisible()
    const { rows } = await owner.$client.query(
      `select extract(day from expires_at - date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')::int as days
       from tokens where predecessor_id = $1`,
      [token.id],
    )
    expect(rows).toEqual([{ days: 90 }])
  })

  test('a merchant renews until the end of a day in UTC', async ({ page, world, owner }) => {
    const [token, other] = [await world.issue(), await world.issue()]
    await page.goto(world.apiSettings)
    await selectBox(page, token).check()
    await selectBox(page, other).check()
    await page.getByRole('button', { name: 'Renew Selected' }).click()
    await expect(page.getByText('At the end of this day, in UTC.')).toBeVisible()
    await page.getByLabel('The 2 new tokens expire on').fill('2028-07-01')
    await page.getByRole('button', { name: 'Renew', exact: true }).click()
    await expect(page.getByText('2 tokens are renewed.')).toBeVisible()
    const { rows } = await owner.$client.query('select expires_at from tokens where predecessor_id = $1', [
      token.id,
    ])
    expect(rows[0].expires_at.toISOString()).toBe('2028-07-01T23:59:59.999Z')
  })
})
