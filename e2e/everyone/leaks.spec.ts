import { expect, test } from '../fixtures/test.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('whoever has found a token reports it by the keyboard alone, and its store reads where it was found', async ({
      page,
      world,
      signIn,
      callStore,
    }) => {
      const token = await world.issue()
      await page.goto('/sign-in')
      await page.getByRole('link', { name: 'Report it' }).press('Enter')
      await expect(page.getByRole('heading', { level: 1, name: 'Report a leaked token' })).toBeVisible()
      await page.getByRole('textbox', { name: 'The token, or the text in which it stands' }).focus()
      await page.keyboard.insertText(' ')
      await page.getByRole('button', { name: 'Report', exact: true }).press('Enter')
      const refused = page.getByRole('alert').filter({ hasText: 'There is no text in it.' })
      await expect(refused).toBeVisible()
      if (javaScriptEnabled) await expect(refused).toBeFocused()
      await page.getByRole('textbox', { name: 'The token, or the text in which it stands' }).focus()
      await page.keyboard.insertText(`a log with\n${token.text}\nin it`)
      await page.keyboard.press('Tab')
      await page.keyboard.type(`https://code.example/log?token=${token.text}`)
      await page.keyboard.press('Tab')
      await page.keyboard.type('It stands in your log.')
      await page.keyboard.press('Tab')
      await expect(page.getByRole('button', { name: 'Report', exact: true })).toBeFocused()
      await page.keyboard.press('Enter')
      await expect(page.getByRole('heading', { level: 1, name: 'Report received' })).toBeVisible()
      expect(page.url()).not.toContain('1.0_')
      await expect
        .poll(async () => (await callStore(token.text, world.store.id)).status, { timeout: 10_000 })
        .toBe(400)

      await signIn(world.storeOwner)
      await page.goto(`${world.apiSettings}/${token.id}`)
      const history = page.getByRole('region', { name: 'History' })
      await expect(history).toContainText('Revoked')
      await expect(history).toContainText('after a report of a leak')
      await expect(history.getByText('https://code.example/log', { exact: true })).toBeVisible()
      await expect(history.getByText('“It stands in your log.”')).toBeVisible()
      await expect(history.getByRole('link', { name: /code\.example/ })).toHaveCount(0)
    })
  })
}
