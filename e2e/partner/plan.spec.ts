import { expect, test } from '../fixtures/test.ts'

test.use({ javaScriptEnabled: false })

test('without JavaScript a partner announces what it will revoke, the store sees it, and it can be cancelled until then', async ({
  page,
  signIn,
  world,
  callStore,
}) => {
  const tokens = []
  for (let n = 0; n < 26; n++) tokens.push(await world.issue())
  await signIn(world.partnerAdministrator)
  await page.goto(world.partnerTokens)
  await page.getByRole('button', { name: 'Select all 26 that match' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '26 tokens selected' })).toBeVisible()
  await page.getByText('At a time that I choose').click()
  const confirm = page.getByRole('button', { name: 'Revoke Token(s) · 26' })
  await confirm.click()
  await expect(page.getByText('Choose a day and a time.')).toBeVisible()
  await page.getByLabel(/^On, in/).fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16))
  await confirm.click()
  await expect(
    page.getByText('The plan is announced. Until its time comes it can be cancelled.'),
  ).toBeVisible()
  const path = new URL(page.url()).pathname.split('/').at(-1)
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/plans/${path}`)
  await expect(page.getByText('they are to be revoked')).toBeVisible()
  await expect(page.getByRole('button', { name: /Cancel|Stop/ })).toHaveCount(0)
  await signIn(world.partnerAdministrator)
  await page.goto(`${world.partnerTokens}/plans/${path}`)
  await page.getByRole('button', { name: 'Cancel: do nothing with them' }).click()
  await expect(page.getByText('The plan is cancelled: nothing is done with its tokens.')).toBeVisible()
  expect((await callStore(tokens[7]?.text ?? '', world.store.id)).status).toBe(200)
})
