import { expect, test } from '../fixtures/test.ts'

test('a merchant selects all tokens that match and revokes exactly those; what came too late works, and the plan says what became of it', async ({
  page,
  signIn,
  world,
  callStore,
}) => {
  const [used] = [await world.issue({ lastUsedAt: new Date() })]
  const idle = []
  for (let n = 0; n < 27; n++) idle.push(await world.issue())
  const status = async (token: { text: string }) => (await callStore(token.text, world.store.id)).status
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}?use=not-used`)
  await page.getByRole('button', { name: 'Select all 27 that match' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '27 tokens selected' })).toBeVisible()
  await expect(page.getByText('Nobody called with them in the last 24 hours.')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Selected by' })).toHaveText('Not used yet')
  await expect(page.getByText('1 other token of the same partners stays valid.')).toBeVisible()
  await expect(page.getByRole('row', { name: new RegExp(world.partner.id) })).toContainText('27')
  // Issued while the page stands open: it is named, and lives.
  const late = await world.issue({ createdAt: new Date() })
  const ended = idle[3] as (typeof idle)[number]
  await page.getByText('It may have leaked').click()
  const confirm = page.getByRole('button', { name: 'Revoke 27 tokens' })
  await confirm.click()
  const result = page.getByRole('status').filter({ hasText: '27 tokens are revoked.' })
  await expect(result).toBeFocused()
  await expect(
    page.getByText(/^Refused everywhere \d+\.\d\d s later: (\d) of \1 API servers?\./),
  ).toBeVisible()
  const left = page.locator('section', { hasText: 'Issued since, and not part of this plan' })
  await expect(left.getByRole('link', { name: late.last })).toBeVisible()
  expect(await Promise.all([status(ended), status(used), status(late)])).toEqual([400, 200, 200])
  // The page says the same when it is loaded again, and both of its lists lead there.
  await page.goto(page.url().split('?')[0] ?? '')
  await expect(page.getByText('27 of 27 tokens are revoked')).toBeVisible()
  await page.goto(world.apiSettings)
  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  const entry = page.getByRole('listitem').filter({ hasText: 'Revoke 27 tokens' })
  await expect(entry).toContainText(`by Store owner (${world.storeOwner.email})`)
  await expect(entry).toContainText('May have leaked')
  await expect(entry).toContainText('Done')
})
