import { expect, rowOf, selectBox, test } from '../fixtures/test.ts'

test('a merchant finds the tokens of a log, revokes one of them, and comes back to what was found', async ({
  page,
  signIn,
  world,
  callStore,
}) => {
  const [leaked, named, other] = [await world.issue(), await world.issue(), await world.issue()]
  const ended = await world.issue({ createdAt: new Date('2025-01-01'), expiresAt: new Date('2026-01-01') })
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  await page.getByRole('link', { name: 'Find in a text' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Find tokens in a text' })).toBeVisible()
  const text = page.getByRole('textbox', { name: 'Text' })
  const find = page.getByRole('button', { name: 'Find tokens' })
  // Nothing is sent, and what was typed stays.
  await find.click()
  await expect(
    page.getByRole('alert').filter({ hasText: 'Paste a text or choose a file first.' }),
  ).toBeFocused()
  await text.fill(`x ${leaked.text}\n${ended.text}\n\n/api-settings/${named.id}\n${leaked.text}`)
  await page
    .getByLabel('Or a file')
    .setInputFiles({ name: 'a.log', mimeType: 'text/plain', buffer: Buffer.from('a') })
  await find.click()
  await expect(page.getByRole('alert').filter({ hasText: 'one at a time' })).toBeFocused()
  await expect(text).toHaveValue(new RegExp(leaked.text))
  await page.getByLabel('Or a file').setInputFiles([])
  await find.click()

  const result = page.getByRole('status').filter({ hasText: '3 tokens of yours were found in 5 lines.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText('2 by their whole text, 1 by its ID.')
  expect(page.url()).not.toContain('1.0_')
  await expect(rowOf(page, leaked)).toContainText('Its text: line 1 and 1 other line')
  await expect(rowOf(page, named)).toContainText('Its ID: line 4')
  await expect(rowOf(page, other)).toHaveCount(0)
  await page.reload()
  await expect(page.getByText('3 tokens of yours were found')).toBeVisible()
  await page.getByRole('link', { name: 'Revoked and expired 1' }).click()
  await expect(rowOf(page, ended)).toContainText('Its text: line 2')
  await page.goBack()

  await selectBox(page, leaked).check()
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  await page.getByRole('alertdialog').getByText('It may have leaked').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'is revoked' })).toBeFocused()
  await expect(page).toHaveURL(/found=/)
  await expect(rowOf(page, leaked)).toHaveCount(0)
  await expect(rowOf(page, named)).toBeVisible()
  expect((await callStore(leaked.text, world.store.id)).status).toBe(400)
  expect((await callStore(named.text, world.store.id)).status).toBe(200)
  // Without what narrows the list, all others stand there again.
  await page.getByRole('link', { name: 'Take away: Found in a text' }).click()
  await expect(rowOf(page, other)).toBeVisible()
})

test('all that was found becomes a plan', async ({ page, signIn, world }) => {
  const tokens = []
  for (let n = 0; n < 26; n++) tokens.push(await world.issue())
  await world.issue()
  await signIn(world.partnerAdministrator)
  await page.goto(`${world.partnerTokens}/find`)
  await page.getByRole('textbox', { name: 'Text' }).fill(tokens.map(({ text }) => text).join('\n'))
  await page.getByRole('button', { name: 'Find tokens' }).click()
  await expect(page.getByText('26 tokens of yours were found in 26 lines.')).toBeVisible()
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page.getByText('1 of 26 tokens found')).toBeVisible()
  await page.getByRole('button', { name: 'Select all 26 that match' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '26 tokens selected' })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Selected by' })).toHaveText('Found in a text')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a partner searches a file, and is shown why another one is none', async ({ page, signIn, world }) => {
    const token = await world.issue()
    await signIn(world.partnerAdministrator)
    await page.goto(world.partnerTokens)
    await page.getByRole('link', { name: 'Find in a text' }).click()
    const file = page.getByLabel('Or a file')
    const find = page.getByRole('button', { name: 'Find tokens' })
    const named = (name: string, buffer: Buffer) => ({ name, mimeType: 'text/plain', buffer })
    await file.setInputFiles(named('a.gz', Buffer.from([0x1f, 0x8b, 0])))
    await find.click()
    await expect(page.getByRole('alert')).toContainText('That file is no plain text.')
    await file.setInputFiles(named('a.log', Buffer.alloc(2 * 1024 * 1024 + 1, 'a')))
    await find.click()
    await expect(page.getByRole('alert')).toContainText('That is more than 2 MB.')
    await file.setInputFiles(named('a.log', Buffer.from(`one\n${token.text}\n`)))
    await find.click()
    await expect(page.getByText('1 token of yours was found in 2 lines.')).toBeVisible()
    await expect(rowOf(page, token)).toContainText('Its text: line 2')
  })
})
