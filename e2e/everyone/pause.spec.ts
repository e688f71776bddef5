import { buildPause } from '#tools/seed/pauses.ts'
import { expect, rowOf, selectBox, test } from '../fixtures/test.ts'

test('a merchant pauses two tokens from the list; calls are refused at once, and work again once they are resumed', async ({
  page,
  world,
  owner,
  signIn,
  callStore,
}) => {
  await signIn(world.storeOwner)
  const [first, second, third] = [await world.issue(), await world.issue(), await world.issue()]
  await page.goto(world.apiSettings)
  await selectBox(page, first).check()
  await selectBox(page, second).check()
  await page.getByRole('button', { name: 'Pause Selected' }).click()
  const dialog = page.getByRole('dialog', { name: 'Pause 2 tokens?' })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(dialog.getByRole('radio', { name: 'They work again' })).toBeChecked()
  await dialog.getByText('For 7 days').click()
  await dialog.getByText('It may have leaked').click()
  await dialog.getByRole('button', { name: 'Pause 2 tokens' }).click()

  const result = page.getByRole('status').filter({ hasText: '2 tokens are paused.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText('All 2 are refused everywhere')
  await expect(dialog).toBeHidden()
  for (const { text } of [first, second]) expect((await callStore(text, world.store.id)).status).toBe(400)
  expect((await callStore(third.text, world.store.id)).status).toBe(200)
  await expect(rowOf(page, first)).toContainText('Paused, works again in 7 days')
  await expect(rowOf(page, first)).toContainText('by Store owner')
  await expect(rowOf(page, first)).toContainText('May have leaked')

  await result.getByRole('link', { name: 'Resume them…' }).click()
  const resume = page.getByRole('dialog', { name: 'Resume 2 tokens?' })
  await resume.getByRole('button', { name: 'Resume 2 tokens' }).click()
  await expect(page.getByRole('status').filter({ hasText: '2 tokens are resumed.' })).toBeFocused()
  for (const { text } of [first, second]) expect((await callStore(text, world.store.id)).status).toBe(200)
  const { rows } = await owner.$client.query('select proof from pause_books where token_id = $1', [first.id])
  expect(rows).toEqual([{ proof: expect.objectContaining({ refused: 1, accepting: 0 }) }])
})

test('the other side sees who paused a token and why, cannot resume it, and may revoke it', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await signIn(world.partnerAdministrator)
  const token = await world.issue()
  const note = 'The shop is being moved'
  await buildPause(owner, {
    tokenId: token.id,
    side: 'merchant',
    by: world.storeOwner,
    reason: 'other',
    note,
  })
  await page.goto(world.partnerTokens)
  const row = rowOf(page, token)
  await expect(row).toContainText('Paused, works again')
  await expect(row).toContainText('by Store owner')
  await expect(row).toContainText(note)
  await expect(row.getByRole('link', { name: /Resume/ })).toHaveCount(0)
  await page.goto(`${world.partnerTokens}?resume=${token.id}`)
  const dialog = page.getByRole('dialog', { name: 'Nothing is left to resume' })
  await expect(dialog).toContainText('is paused by the other side, which alone can resume it')
  await expect(dialog.getByRole('button')).toHaveText(['Close'])
  await page.goto(`${world.partnerTokens}/${token.id}`)
  await expect(page.getByRole('link', { name: 'Resume…' })).toHaveCount(0)
  await expect(page.getByText('Paused until').first()).toBeVisible()
  await page.getByRole('link', { name: 'Revoke…' }).click()
  await page.getByRole('button', { name: 'Revoke Token(s)' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'is revoked.' })).toBeVisible()
})

test('the dialog that revokes offers a pause where a token was used in the last 24 hours, until a minute of one’s own', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await signIn(world.storeOwner)
  const [used, unused] = [await world.issue({ lastUsedAt: new Date() }), await world.issue()]
  await page.goto(`${world.apiSettings}?revoke=${unused.id}`)
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expect(page.getByRole('link', { name: /instead/ })).toHaveCount(0)
  await page.goto(`${world.apiSettings}?revoke=${used.id}`)
  await page.getByRole('link', { name: 'Pause it instead…' }).click()
  const dialog = page.getByRole('dialog', { name: /^Pause the token/ })
  await dialog.getByText('Until a time that I choose').click()
  await dialog.getByRole('radio', { name: /It is revoked, for good/ }).check()
  await dialog.getByText('Something else').click()
  await dialog.getByLabel('In a few words (needed)').fill('Looking who calls')
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(dialog.getByText('Choose a day and a time.')).toBeVisible()
  await expect(dialog.getByLabel('Until, in your time zone')).toBeFocused()
  await expect(dialog.getByLabel('In a few words (needed)')).toHaveValue('Looking who calls')
  await dialog.getByLabel('Until, in your time zone').fill('2020-01-01T10:00')
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(dialog.getByText('A pause lasts for five minutes at least')).toBeVisible()
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  await dialog.getByLabel('Until, in your time zone').fill(`${soon}T18:30`)
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'is paused.' })).toContainText('then it is revoked')
  const { rows } = await owner.$client.query('select ends_as, reason, note from pauses where token_id = $1', [
    used.id,
  ])
  expect(rows).toEqual([{ ends_as: 'revoked', reason: 'other', note: 'Looking who calls' }])
  await expect(rowOf(page, used)).toContainText('Paused, revoked in')
})

test('the dialog that revokes leads to the one that pauses, and back, over the list as it was filtered', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  const [used, unused] = [await world.issue({ lastUsedAt: new Date() }), await world.issue()]
  await page.goto(`${world.apiSettings}?use=last-24-hours`)
  await expect(rowOf(page, unused)).toHaveCount(0)
  await page.goto(`${world.apiSettings}?use=last-24-hours&revoke=${used.id}`)
  await page.getByRole('link', { name: 'Pause it instead…' }).click()
  const dialog = page.getByRole('dialog', { name: /^Pause the token/ })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(/\?use=last-24-hours$/)
  await expect(rowOf(page, used)).toBeVisible()
  await expect(rowOf(page, unused)).toHaveCount(0)
})

test('tokens that one’s own side has paused are resumed together, from the bar below the list', async ({
  page,
  world,
  owner,
  signIn,
  callStore,
}) => {
  await signIn(world.storeOwner)
  const [mine, theirs, free] = [await world.issue(), await world.issue(), await world.issue()]
  await buildPause(owner, { tokenId: mine.id, side: 'merchant', by: world.storeOwner })
  await buildPause(owner, { tokenId: theirs.id, side: 'partner', by: world.partnerAdministrator })
  await page.goto(world.apiSettings)
  const resume = page.getByRole('button', { name: 'Resume Selected' })
  await selectBox(page, theirs).check()
  await selectBox(page, free).check()
  await expect(page.getByText('2 selected')).toBeVisible()
  await expect(resume).toBeHidden()
  await selectBox(page, mine).check()
  await resume.click()
  const dialog = page.getByRole('dialog', { name: /^Resume the token/ })
  await expect(dialog).toContainText('is paused by the other side, which alone can resume it')
  await expect(dialog).toContainText('is not paused')
  await dialog.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'works again.' })).toBeFocused()
  expect((await callStore(mine.text, world.store.id)).status).toBe(200)
  expect((await callStore(theirs.text, world.store.id)).status).toBe(400)
})

test('what was proven of a pause stays in the history of the token, for both sides, with a receipt', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  const token = await world.issue()
  await page.goto(`${world.apiSettings}?pause=${token.id}`)
  await page.getByText('It may have leaked').click()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'is paused.' })).toBeVisible()
  for (const [person, path] of [
    [world.storeOwner, `${world.apiSettings}/${token.id}`],
    [world.partnerAdministrator, `${world.partnerTokens}/${token.id}`],
  ] as const) {
    await signIn(person)
    await page.goto(path)
    const entry = page.getByRole('listitem').filter({ hasText: 'Paused (may have leaked)' })
    await expect(entry).toContainText(/Refused everywhere \d+\.\d\d s later: (\d) of \1 API servers?\./)
    await entry.getByText('Receipt to copy or print').click()
    await expect(entry.getByRole('figure', { name: 'Receipt' })).toContainText(
      /Until: .* UTC, then it works again/,
    )
  }
})

test('without JavaScript a token is paused and resumed by its forms', async ({
  browser,
  product,
  world,
  signIn,
  callStore,
}) => {
  const context = await browser.newContext({ baseURL: product.webUrl, javaScriptEnabled: false })
  await signIn(world.storeOwner, context)
  const page = await context.newPage()
  const token = await world.issue()
  await page.goto(world.apiSettings)
  await selectBox(page, token).check()
  await page.getByRole('button', { name: 'Pause Selected' }).click()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText('is paused.')).toBeVisible()
  expect((await callStore(token.text, world.store.id)).status).toBe(400)
  await page.goto(world.apiSettings)
  await selectBox(page, token).check()
  await page.getByRole('button', { name: 'Resume Selected' }).click()
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect(page.getByText('works again.')).toBeVisible()
  expect((await callStore(token.text, world.store.id)).status).toBe(200)
  await context.close()
})
