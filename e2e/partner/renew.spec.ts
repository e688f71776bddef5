import { buildStore, buildToken, grantAccess } from '#db/seed/builders.ts'
import { expect, selectBox, test } from '../fixtures/test.ts'

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
  await page.getByText('Another expiry date').click()
  await page.getByRole('button', { name: 'Revoke Token(s)' }).click()
  await expect(page.getByText('marked New again')).toBeVisible()
  await selectBox(page, original).check()
  await page.getByRole('button', { name: 'Renew Selected' }).click()
  await page.getByLabel('The new token expires on').fill('2029-01-31')
  await page.getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The token is renewed.' })).toContainText(
    '31 Jan 2029',
  )
})
