import { expect, password, test } from '../fixtures/test.ts'

test('a partner ends all its tokens after a fresh proof; the store sees it on top of its list, with the reason and what to do', async ({
  page,
  signIn,
  world,
  owner,
  callStore,
}) => {
  const token = await world.issue()
  await owner.$client.query(`update partner_members set role = 'owner' where user_id = $1`, [
    world.partnerAdministrator.id,
  ])
  await signIn(world.partnerAdministrator)
  await owner.$client.query(
    `update sessions set proved_at = now() - interval '11 minutes' where user_id = $1`,
    [world.partnerAdministrator.id],
  )
  await page.goto(world.partnerTokens)
  await page.getByRole('link', { name: 'Revoke all our tokens, at every store…' }).click()
  await page.getByText('Something else…').click()
  await page.getByLabel('In a few words').fill('A break-in on Friday.')
  await page.getByLabel('Type the name of the partner').fill(world.partner.name)
  const confirm = page.getByRole('button', { name: 'Revoke 1 token' })
  await confirm.click()
  await expect(page.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible()
  expect((await callStore(token.text, world.store.id)).status).toBe(200)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(page.getByLabel('In a few words')).toHaveValue('A break-in on Friday.')
  await expect(page.getByLabel('Type the name of the partner')).toHaveValue(world.partner.name)
  await confirm.click()
  await expect(page.getByRole('status').filter({ hasText: 'What is issued later works.' })).toBeFocused()
  expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
  await page.reload()
  await expect(page.getByText('nothing is left to revoke')).toBeVisible()
  await expect(page.getByRole('region', { name: 'On record' })).toContainText('1 token ended.')
  await expect(
    page.getByText(/API servers? w\w+ asked about 1 token right after it: refused\./),
  ).toBeVisible()

  await signIn(world.storeViewer)
  await page.goto(world.apiSettings)
  await expect(page.getByText(`${world.partner.name} revoked all its tokens, at every store.`)).toBeVisible()
  await expect(page.getByText('Other · “A break-in on Friday.”')).toBeVisible()
  await expect(page.getByText('It takes an owner of the store.')).toBeVisible()
  await page.getByRole('link', { name: 'All cut-offs' }).click()
  const record = page.getByRole('listitem').filter({ hasText: 'at every store' })
  await expect(record).toContainText('by Partner administrator (the partner, owner)')
  // How many tokens the partner had elsewhere is not said here.
  await expect(record).toContainText('All that were issued up to then have ended.')
})
