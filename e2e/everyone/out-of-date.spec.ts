import { expect, test } from '../fixtures/test.ts'

const olderId = 'b'.repeat(42)

test('a form of an older build says that the page is out of date, loads it anew and keeps what was typed', async ({
  page,
}) => {
  await page.route('**/apply', (route) => {
    const request = route.request()
    if (request.method() !== 'POST') return route.continue()
    return route.continue({ headers: { ...request.headers(), 'next-action': olderId } })
  })
  await page.goto('/apply')
  const company = page.locator('[name=company]')
  const description = page.locator('[name=description]')
  await company.fill('Tern & Sons')
  await description.fill('We pack <parcels>.')
  await page.getByRole('button', { name: 'Send application' }).click()
  await expect(page.getByText('This page was out of date and was loaded anew.')).toBeVisible()
  await expect(company).toHaveValue('Tern & Sons')
  await expect(description).toHaveValue('We pack <parcels>.')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('it says so too, shows what was typed and leads to the page as it is', async ({ page }) => {
    await page.goto('/apply')
    await page.locator('[name=company]').fill('Tern & Sons')
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
