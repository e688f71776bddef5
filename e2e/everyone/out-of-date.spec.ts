import { expect, test } from '../fixtures/test.ts'

const olderId = 'b'.repeat(42)

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('it says so too, shows what was typed and leads to the page as it is', async ({ page }) => {
    await page.goto('/apply')
    await page.locator('form [name=company]').fill('Tern & Sons')
    await page.locator('[name$=":0"]').evaluateAll((fields, id) => {
      for (const field of fields as HTMLInputElement[]) field.value = field.value.replace(/[0-9a-f]{42}/, id)
    }, olderId)
    await page.getByRole('button', { name: 'Send application' }).click()
    await expect(page.getByRole('heading', { name: 'This page is out of date' })).toBeVisible()
    await expect(page.getByText('Tern & Sons')).toBeVisible()
    await page.getByRole('link', { name: 'Load the page anew' }).click()
    await expect(page.getByRole('button', { name: 'Send application' })).toBeVisible()
  })
})
