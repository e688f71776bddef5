import { dayMs } from '#lib/time/units.ts'
import { expect, linkOf, rowOf, selectBox, test, tokenRows } from '../fixtures/test.ts'

test.beforeEach(async ({ signIn, world }) => signIn(world.storeOwner))

test('the choice survives paging, searching and reloading, and the header checkbox knows "some"', async ({
  page,
  world,
}) => {
  const tokens = []
  for (let n = 1; n <= 30; n++) {
    tokens.push(await world.issue({ expiresAt: new Date(Date.now() + (100 + n) * dayMs) }))
  }
  const [first, last] = [tokens[0], tokens[29]]
  if (!first || !last) throw new Error('no tokens')
  await page.goto(world.apiSettings)
  const header = page.getByRole('checkbox', { name: 'Select all tokens on this page' })
  await selectBox(page, first).check()
  await expect(header).toBeChecked({ indeterminate: true })
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(rowOf(page, last)).toBeVisible()
  await expect(header).not.toBeChecked()
  await header.check()
  await expect(page.getByText('6 selected, 1 not on this page')).toBeVisible()
  await page.reload()
  await expect(page.getByText('6 selected, 1 not on this page')).toBeVisible()
  await page.getByRole('link', { name: 'Previous page' }).click()
  await expect(selectBox(page, first)).toBeChecked()
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('’s 6 tokens?')
  await expect(dialog).toContainText(`…${last.last}`)
  await dialog.getByText('It may have leaked').click()
  await dialog.getByRole('button', { name: 'Revoke 6 tokens', exact: true }).click()
  await expect(page.getByText('6 tokens are revoked.')).toBeVisible()
  await expect(page.getByText('0 selected')).toBeVisible()
})

test('unless asked otherwise, a token stands right before the one that renewed it', async ({
  page,
  world,
}) => {
  const ends = (days: number) => new Date(Date.now() + days * dayMs)
  const original = await world.issue({ expiresAt: ends(20) })
  const other = await world.issue({ expiresAt: ends(100) })
  const successor = await world.issue({ expiresAt: ends(300), predecessorId: original.id })
  await page.goto(world.apiSettings)
  const rows = tokenRows(page)
  await expect(rows.nth(0)).toContainText(`Renewed, replaced by ending in …${successor.last}`)
  await expect(rows.nth(1)).toContainText(`New, replaces ending in …${original.last}`)
  await expect(rows.nth(2)).toContainText(other.last)
  // The name stands once above them.
  const heading = page.getByRole('row', { name: 'Parcel Pilot Test, Inc.' })
  await expect(heading.filter({ hasText: '3 tokens' })).toHaveCount(1)
  await expect(page.getByRole('table').getByText('Parcel Pilot Test, Inc.')).toHaveCount(1)
  await linkOf(page, successor).click()
  await expect(page.getByRole('heading', { name: `Token …${successor.last}` })).toBeVisible()
})

test('search, filter, order and page live in the address', async ({ page, world }) => {
  const soon = await world.issue({ expiresAt: new Date(Date.now() + 9 * dayMs) })
  const late = await world.issue({ expiresAt: new Date(Date.now() + 900 * dayMs), predecessorId: soon.id })
  await page.goto(world.apiSettings)
  await expect(tokenRows(page).first()).toContainText(soon.last)
  await page.getByRole('link', { name: 'Expires' }).click()
  await expect(page).toHaveURL(/sort=expires/)
  await expect(page.getByRole('columnheader', { name: 'Expires' })).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('link', { name: 'Expires' }).click()
  await expect(page).toHaveURL(/sort=-expires/)
  await expect(tokenRows(page).first()).toContainText(late.last)
  await expect(page.getByRole('columnheader', { name: 'Expires' })).toHaveAttribute('aria-sort', 'descending')
  await page.getByText('Filter', { exact: true }).click()
  await page.getByLabel('Mark').selectOption('renewed')
  await page.getByRole('searchbox').fill('parcel pilot')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page).toHaveURL(/mark=renewed/)
  await expect(page).toHaveURL(/search=parcel/)
  await expect(rowOf(page, soon)).toBeVisible()
  await expect(rowOf(page, late)).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('searchbox')).toHaveValue('parcel pilot')
  await page.getByRole('searchbox').fill('nobody 100%')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByText('No partner here has “nobody 100%” in its name or ID.')).toBeVisible()
  await page
    .getByRole('region', { name: 'Partner API Access' })
    .getByRole('link', { name: 'Show all' })
    .last()
    .click()
  await expect(rowOf(page, late)).toBeVisible()
  await page.getByRole('link', { name: 'Expiring Tokens' }).click()
  await expect(rowOf(page, soon)).toContainText('in 9 days')
  await expect(rowOf(page, late)).toHaveCount(0)
})

test('the list is searched as one types, with the focus in the field and the choice kept', async ({
  page,
  world,
}) => {
  const [wanted, other] = [await world.issue(), await world.issue()]
  await page.goto(world.apiSettings)
  await selectBox(page, other).check()
  const field = page.getByRole('searchbox')
  await field.pressSequentially(`…${wanted.last}`)
  await expect(page).toHaveURL(new RegExp(`search=%E2%80%A6${wanted.last}$`))
  await expect(page.getByRole('status').filter({ hasText: '1 token found' })).toBeVisible()
  await expect(rowOf(page, wanted)).toBeVisible()
  await expect(rowOf(page, other)).toHaveCount(0)
  await expect(field).toBeFocused()
  await field.fill('')
  await expect(page).toHaveURL(world.apiSettings)
  await expect(selectBox(page, other)).toBeChecked()
})

test('a whole token that is pasted is found, and its text stays in no address', async ({ page, world }) => {
  const [wanted, other] = [await world.issue(), await world.issue()]
  await page.goto(world.apiSettings)
  await page.getByRole('searchbox').fill(wanted.text)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/search=sha256/)
  expect(page.url()).not.toContain(wanted.text)
  await expect(rowOf(page, wanted)).toBeVisible()
  await expect(rowOf(page, other)).toHaveCount(0)
  await page.getByRole('link', { name: 'The token that you pasted' }).click()
  await expect(rowOf(page, other)).toBeVisible()
})

test('search and filters work without JavaScript, and each can be taken away', async ({
  browser,
  baseURL,
  world,
  signIn,
}) => {
  const quiet = await world.issue({ lastUsedAt: new Date(Date.now() - 40 * dayMs) })
  const used = await world.issue({ lastUsedAt: new Date() })
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL && { baseURL }) })
  await signIn(world.storeOwner, context)
  const plain = await context.newPage()
  await plain.goto(world.apiSettings)
  await plain.getByText('Filter', { exact: true }).click()
  await expect(plain.getByLabel('State')).toContainText('In use (1)')
  await expect(plain.getByRole('link', { name: 'Idle for 90 days' })).toContainText('0')
  await plain.getByRole('link', { name: 'Replaced but still used' }).click()
  await expect(plain.getByRole('link', { name: 'Take away: Renewed only' })).toBeVisible()
  await expect(plain.getByRole('link', { name: 'Take away: In use' })).toBeVisible()
  await plain.getByRole('link', { name: 'Show all' }).first().click()
  await plain.getByText('Filter', { exact: true }).click()
  await plain.getByLabel('Quiet for at least').fill('a month')
  await plain.getByLabel('May call').selectOption('order')
  await plain.getByRole('searchbox').fill('parcel')
  await plain.getByRole('button', { name: 'Apply' }).click()
  await expect(plain.getByRole('alert')).toContainText('“a month”')
  await expect(rowOf(plain, used)).toBeVisible()
  await expect(plain.getByLabel('Quiet for at least')).toHaveValue('a month')
  await expect(plain.getByLabel('May call')).toHaveValue('order')
  await plain.getByLabel('Quiet for at least').fill('30')
  await plain.getByRole('button', { name: 'Apply' }).click()
  await expect(plain.getByRole('alert')).toHaveCount(0)
  await expect(rowOf(plain, quiet)).toBeVisible()
  await expect(rowOf(plain, used)).toHaveCount(0)
  await plain.getByRole('link', { name: 'Quiet for 30 days' }).click()
  await expect(rowOf(plain, used)).toBeVisible()
  await expect(plain.getByRole('searchbox')).toHaveValue('parcel')
  await context.close()
})

test('a store without a token says what one is for, and a search says where else it would find something', async ({
  page,
  world,
}) => {
  await page.goto(world.apiSettings)
  const list = page.getByRole('region', { name: 'Partner API Access' })
  await expect(list).toContainText('Partners, such as a shipping service, need a token')
  await expect(list.getByRole('link', { name: 'Add New Partner' })).toBeVisible()
  await expect(list.getByRole('link', { name: 'What is a token?' })).toHaveAttribute(
    'href',
    '/help/stores#token',
  )
  const by = { id: world.partnerAdministrator.id, name: world.partnerAdministrator.name }
  const gone = await world.issue({ revocation: { side: 'partner', by } })
  await page.goto(`${world.apiSettings}?search=…${gone.last}`)
  await list.getByRole('link', { name: '1 in Revoked and expired' }).click()
  await expect(rowOf(page, gone)).toBeVisible()
})

test('a token’s page shows its history, with who, when and why', async ({ page, world }) => {
  const by = { id: world.partnerAdministrator.id, name: world.partnerAdministrator.name }
  const token = await world.issue({
    revocation: { side: 'partner', by, reason: 'exposed', address: '192.0.2.9' },
  })
  await page.goto(`${world.apiSettings}?show=ended`)
  await rowOf(page, token).getByRole('link').click()
  await expect(page.getByRole('heading', { name: `Token …${token.last}` })).toBeVisible()
  const history = page.getByRole('region', { name: 'History' })
  await expect(history.getByRole('listitem').first()).toContainText(
    'Revoked (may have leaked) by Partner administrator (the partner)',
  )
  await expect(history.getByRole('listitem').last()).toContainText('Issued')
  await expect(history).not.toContainText('192.0.2.9')
  await expect(page.getByRole('link', { name: 'Revoke…' })).toHaveCount(0)
})

test('the page of a store on Starter explains the package', async ({ page, world, owner }) => {
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [world.store.id])
  await page.goto(world.apiSettings)
  await expect(page.getByRole('heading', { name: 'This store’s package has no APIs' })).toBeVisible()
  await expect(page.getByText('Merchant Solutions Standard')).toBeVisible()
  await expect(page.getByRole('table')).toHaveCount(0)
})
