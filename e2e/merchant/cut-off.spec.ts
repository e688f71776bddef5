import { buildUsageHours } from '#tools/seed/builders.ts'
import { expect, rowOf, test } from '../fixtures/test.ts'

test('a merchant revokes every token of a partner at once; a new one works, and the record says how many ended', async ({
  page,
  signIn,
  world,
  owner,
  callStore,
}) => {
  const lastUsedAt = new Date()
  const [first, second] = [await world.issue({ lastUsedAt }), await world.issue({ lastUsedAt })]
  await buildUsageHours(owner, first.id, [{ api: 'order', hour: lastUsedAt, calls: 12_480, refusals: 0 }])
  const status = async (token: { text: string }) => (await callStore(token.text, world.store.id)).status
  expect(await Promise.all([status(first), status(second)])).toEqual([200, 200])
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
  await page.getByRole('link', { name: 'Revoke every token of this partner at this store…' }).click()
  // Those of this test are counted a moment later.
  await expect(page.getByText(/^12,48[0-2] calls in the last 24 hours would fail\./)).toBeVisible()
  await expect(page.getByText('2 tokens end for good. 2 of them were used')).toBeVisible()
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
  // Issued while the page stands open: it ends as well.
  const late = await world.issue()
  await page.getByText('It may have leaked').click()
  const name = page.getByLabel('Type the name of the partner')
  await name.fill('Parcel Pilot')
  const confirm = page.getByRole('button', { name: 'Revoke all 2 tokens' })
  await confirm.click()
  await expect(page.getByText('This is another name.')).toBeVisible()
  expect(await status(first)).toBe(200)
  await expect(page.getByRole('radio', { name: 'It may have leaked' })).toBeChecked()
  await name.fill(world.partner.name)
  await confirm.click()
  const result = page.getByRole('status').filter({ hasText: 'is revoked.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText(
    /All 3 are refused everywhere: (\d) of \1 API servers? answered in \d+\.\d\d s\. They are dead since/,
  )
  expect(await Promise.all([status(first), status(second), status(late)])).toEqual([400, 400, 400])
  // The page asks by itself until all is written down.
  await expect(page.getByRole('region', { name: 'On record' })).toContainText('3 tokens ended.')
  await result.getByRole('link', { name: 'issue a new token' }).click()
  await page.getByRole('button', { name: 'Issue', exact: true }).click()
  await expect(page.getByText('The new token is issued.')).toBeVisible()
  await page.goto(`${world.apiSettings}?show=ended`)
  await expect(rowOf(page, late)).toContainText('Revoked')
  await page.getByRole('link', { name: 'Cut-offs so far' }).click()
  const record = page.getByRole('listitem').filter({ hasText: world.partner.name })
  await expect(record).toHaveCount(1)
  await expect(record).toContainText(`by Store owner (${world.storeOwner.email})`)
  await expect(record).toContainText('May have leaked')
})
