import type { Browser } from '@playwright/test'
import type { Product } from '#tools/test-product/product.ts'

export type DemoPerson = 'merchant' | 'partner' | 'operator'

/** Signed in as people are, on the page: what a window needs to go on as that person. */
export async function signInAs(name: DemoPerson, browser: Browser, product: Product) {
  const page = await browser.newPage()
  await page.goto(`${product.webUrl}/sign-in`)
  await page.getByLabel('E-mail').fill(`${name}@demo.example`)
  await page.getByLabel('Password', { exact: true }).fill('demo-only-password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  const state = await page.context().storageState()
  await page.close()
  return state
}

export const demoStore = '/stores/yhst-14093000001001'
export const demoSettings = `${demoStore}/real-time-links/api-settings`
export const demoPartner = '/partners/ypa-005259400001'
