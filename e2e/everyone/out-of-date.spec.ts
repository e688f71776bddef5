import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures/test.ts'

const olderId = 'b'.repeat(42)

/** As the page of an older build would: the action that it names is not in this one. */
async function sendFromOlderBuild(page: Page) {
  await page.route(
    (url) => url.pathname === '/apply',
    (route, request) => {
      const headers = request.headers()
      return headers['next-action']
        ? route.continue({ headers: { ...headers, 'next-action': olderId } })
        : route.continue()
    },
  )
}

test('a form of an older build says so, loads the page anew and keeps what was typed', async ({ page }) => {
  await page.goto('/apply')
  await page.locator('form [name=company]').fill('Tern & Sons')
  await sendFromOlderBuild(page)
  const loadedAnew = page.waitForEvent('domcontentloaded')
  await page.getByRole('button', { name: 'Send application' }).click()
  await loadedAnew
  await expect(page.getByRole('status').filter({ hasText: 'out of date' })).toBeVisible()
  await expect(page.locator('form [name=company]')).toHaveValue('Tern & Sons')
  await page.reload()
  await expect(page.locator('form [name=company]')).toHaveValue('')
})

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
