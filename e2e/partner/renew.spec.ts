import { connect } from '#db/client.ts'
import { executeRetirements } from '#lib/tokens/execute-retirements.ts'
import { buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { expect, rowOf, selectBox, test } from '../fixtures/test.ts'

test.beforeEach(async ({ signIn, world }) => signIn(world.partnerAdministrator))

test('a partner renews its tokens for several stores at once; a store without APIs is left out', async ({
  page,
  world,
  owner,
}) => {
  const token = await world.issue()
  const [further, starter] = [
    await buildStore(owner, { name: 'Further Lamps' }),
    await buildStore(owner, { name: 'Starter Lamps', package: 'starter' }),
  ]
  for (const store of [further, starter]) await grantAccess(owner, { store, partner: world.partner })
  const partnerId = world.partner.id
  const ofFurther = await buildToken(owner, { storeId: further.id, partnerId })
  const ofStarter = await buildToken(owner, { storeId: starter.id, partnerId })
  await page.goto(world.partnerTokens)
  await page.getByRole('checkbox', { name: 'Select all tokens on this page' }).check()
  await page.getByRole('button', { name: 'Renew Selected' }).click()
  const dialog = page.getByRole('dialog', { name: 'Renew Partner Token(s)' })
  await expect(dialog).toContainText('Further Lamps')
  await expect(dialog).toContainText('Starter Lamps is for a store whose package has no APIs')
  await dialog.getByRole('button', { name: 'Renew', exact: true }).click()
  const result = page.getByRole('status').filter({ hasText: '2 tokens are renewed.' })
  await expect(result).toBeFocused()
  const { rows } = await owner.$client.query(
    'select predecessor_id from tokens where predecessor_id = any($1)',
    [[token.id, ofFurther.id, ofStarter.id]],
  )
  expect(rows.map((row) => row.predecessor_id).sort()).toEqual([token.id, ofFurther.id].sort())
})

test('a dialog about a token that was revoked meanwhile says so, and offers nothing', async ({
  page,
  world,
}) => {
  const by = { id: world.storeOwner.id, name: world.storeOwner.name }
  const gone = await world.issue({ revocation: { side: 'merchant', by } })
  await page.goto(`${world.partnerTokens}?renew=${gone.id}`)
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('None of the chosen tokens can be renewed.')
  await expect(dialog).toContainText('was revoked by Store owner (the merchant)')
  await expect(dialog.getByRole('button', { name: 'Renew', exact: true })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(dialog).toBeHidden()
})

test('where the successor is revoked the original is New again, and can be renewed with another date', async ({
  page,
  world,
}) => {
  const original = await world.issue()
  const successor = await world.issue({ predecessorId: original.id })
  await page.goto(`${world.partnerTokens}?revoke=${successor.id}`)
  await page.getByText('Wrong end date').click()
  await page.getByRole('button', { name: 'Revoke Token(s)' }).click()
  await expect(page.getByText('can be renewed again')).toBeVisible()
  await selectBox(page, original).check()
  await page.getByRole('button', { name: 'Renew Selected' }).click()
  await page.getByLabel('The new token expires on').fill('2029-01-31')
  await page.getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The token is renewed.' })).toContainText(
    '31 Jan 2029',
  )
})

test('a plan for the adoption is shown to both sides, and ends the old token after the first call', async ({
  page,
  world,
  owner,
  product,
  browser,
  signIn,
}) => {
  const old = await world.issue()
  await page.goto(`${world.partnerTokens}?renew=${old.id}`)
  await page.getByLabel('it ends itself when the new one is first used').check()
  await page.getByRole('button', { name: 'Renew', exact: true }).click()
  const result = page.getByRole('status').filter({ hasText: 'The token is renewed.' })
  await expect(result).toContainText('ends itself when')
  const { rows } = await owner.$client.query(
    'select id, last_characters as last from tokens where predecessor_id = $1',
    [old.id],
  )
  const [successor] = rows
  const plan = `ends once ending in …${successor.last} is used`
  await expect(rowOf(page, old)).toContainText(plan)
  const merchantSide = await browser.newContext()
  await signIn(world.storeOwner, merchantSide)
  const merchantPage = await merchantSide.newPage()
  await merchantPage.goto(world.apiSettings)
  await expect(rowOf(merchantPage, old)).toContainText(plan)
  await merchantSide.close()

  await owner.$client.query('insert into token_adoptions (token_id, adopted_at) values ($1, now())', [
    successor.id,
  ])
  const db = connect({ url: product.appUrl, applicationName: 'retirements of a test' })
  await executeRetirements({ db })
  await db.$client.end()
  await page.goto(`${world.partnerTokens}/${old.id}`)
  await expect(page.getByRole('region', { name: 'History' })).toContainText(
    'Revoked (replaced by the renewed token) as planned by Partner administrator',
  )
})

test('a plan for a date is cancelled, and the token works until its own expiry', async ({
  page,
  world,
  owner,
}) => {
  const old = await world.issue()
  await page.goto(`${world.partnerTokens}?renew=${old.id}`)
  await page.getByLabel('it ends itself on a date').check()
  await page.getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Choose the day' })).toBeVisible()
  await expect(page.getByLabel('It ends at the end of')).toBeFocused()
  await expect(page.getByLabel('it ends itself on a date')).toBeChecked()
  const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
  await page.getByLabel('It ends at the end of').fill(day)
  await page.getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(rowOf(page, old)).toContainText('Renewed, ends itself on')
  await rowOf(page, old).getByRole('button', { name: 'Keep it' }).click()
  const result = page.getByRole('status').filter({ hasText: 'It no longer ends itself.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText('goes on working until')
  await expect(rowOf(page, old)).not.toContainText('ends itself')
  const { rowCount } = await owner.$client.query(
    'select from retirement_plans where token_id = $1 and settled_at is null',
    [old.id],
  )
  expect(rowCount).toBe(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('from the page of the new token the old one is revoked, after the question', async ({
    page,
    world,
    callStore,
  }) => {
    const old = await world.issue()
    const successor = await world.issue({ predecessorId: old.id, lastUsedAt: new Date() })
    await page.goto(`${world.partnerTokens}/${successor.id}`)
    await page.getByRole('link', { name: 'Revoke old token' }).click()
    await page.getByRole('button', { name: 'Revoke Token(s)' }).click()
    await expect(page.getByRole('status').filter({ hasText: `…${old.last} is revoked` })).toBeVisible()
    expect((await callStore(old.text, world.store.id)).body).toContain('<Code>10009</Code>')
  })
})
