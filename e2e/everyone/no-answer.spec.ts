import { expect, rowOf, test } from '../fixtures/test.ts'

test.beforeEach(async ({ signIn, world }) => signIn(world.storeOwner))

test('a network that is lost at the confirming click is said in the dialog, with all that was typed, and asking again is safe', async ({
  page,
  world,
  context,
  owner,
}) => {
  const original = await world.issue()
  const token = await world.issue({ predecessorId: original.id })
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('checkbox').check()
  await dialog.getByText('Something else…').click()
  await dialog.getByLabel('In a few words').fill('Typed before')
  await context.setOffline(true)
  const confirm = dialog.getByRole('button', { name: 'Revoke 2 tokens' })
  await confirm.click()
  const problem = dialog.getByRole('alert')
  await expect(problem).toBeFocused()
  await expect(problem).toContainText('No answer. We do not know whether it was revoked.')
  await expect(dialog.getByRole('checkbox')).toBeChecked()
  await expect(dialog.getByLabel('In a few words')).toHaveValue('Typed before')
  await expect(rowOf(page, token)).toBeVisible()
  const check = problem.getByRole('button', { name: 'Check now' })
  await check.click()
  await expect(problem).toContainText('Still no answer.')

  await context.setOffline(false)
  await check.click()
  await expect(problem).toContainText('The server answers again. What you see is how it is now.')
  await expect(dialog.getByLabel('In a few words')).toHaveValue('Typed before')
  await confirm.click()
  await expect(page.getByText('2 tokens are revoked.')).toBeVisible()
  const { rows } = await owner.$client.query('select note from revocations where token_id = any($1)', [
    [original.id, token.id],
  ])
  expect(rows).toEqual([{ note: 'Typed before' }, { note: 'Typed before' }])
})

test('where the answer was lost on its way, checking shows that the token was revoked', async ({
  page,
  world,
  owner,
}) => {
  const token = await world.issue()
  const address = `${world.apiSettings}?revoke=${token.id}`
  await page.goto(address)
  await page.route(
    (url) => url.pathname === world.apiSettings,
    async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      await route.fetch()
      await route.abort('connectionreset')
    },
  )
  const dialog = page.locator('dialog:modal')
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('We do not know whether it was revoked.')
  const { rowCount } = await owner.$client.query('select from revocations where token_id = $1', [token.id])
  expect(rowCount).toBe(1)
  await dialog.getByRole('button', { name: 'Check now' }).click()
  await expect(dialog).toContainText('was revoked by Store owner')
  await expect(dialog.getByRole('button', { name: 'Revoke', exact: true })).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeFocused()
})

test('a form of a page says it as well, and keeps what was typed', async ({ page, world, context }) => {
  await page.goto(`/stores/${world.store.id}/members`)
  await page.getByLabel('E-mail address').fill('somebody@example.test')
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Invite' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'No answer.' })).toContainText(
    'We do not know whether it was done.',
  )
  await expect(page.getByLabel('E-mail address')).toHaveValue('somebody@example.test')
})

test('a page that cannot be made keeps its header', async ({ page, world, owner }) => {
  const token = await world.issue()
  // As a slip in the data would: the page's own question fails, the shell's does not.
  await owner.$client.query('revoke select on kept_proofs from partner_tokens_app')
  try {
    await owner.$client.query(
      `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, user_name)
       select id, store_id, partner_id, now(), 'merchant', $2, 'Store owner' from tokens where id = $1`,
      [token.id, world.storeOwner.id],
    )
    await page.goto(`${world.apiSettings}/${token.id}`)
    await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  } finally {
    await owner.$client.query('grant select on kept_proofs to partner_tokens_app')
  }
})

test('at 400 % a dialog begins with what it asks, and nothing stands over it', async ({ page, world }) => {
  await page.setViewportSize({ width: 320, height: 256 })
  const original = await world.issue()
  const token = await world.issue({ predecessorId: original.id })
  await page.goto(`${world.apiSettings}?revoke=${token.id}`)
  const dialog = page.locator('dialog:modal')
  const title = dialog.getByRole('heading', { level: 2 })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(title).toBeInViewport({ ratio: 1 })
  expect(await dialog.evaluate((shown) => shown.scrollTop)).toBe(0)
  await expect(dialog.getByRole('button', { name: 'Revoke', exact: true })).not.toBeInViewport()
})
