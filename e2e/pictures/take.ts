import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { chromiumLaunch } from '#tools/chromium/chromium.ts'

/** Takes the pictures of README.md and docs/guide.md from a demo that runs: `npm run pictures [-- http://127.0.0.1:3000]`. */
const web = process.argv[2] ?? 'http://127.0.0.1:3000'
const browser = await chromium.launch(await chromiumLaunch())

await picture('merchant', { account: 'merchant', colorScheme: 'light', width: 1280 }, async (page) => {
  await page.goto(`${web}/stores/yhst-14093000001001/real-time-links/api-settings`)
  await page
    .getByRole('checkbox', { name: /Select Binnenhafen/ })
    .first()
    .check()
})
await picture('dialog', { account: 'merchant', colorScheme: 'light', width: 1280 }, async (page) => {
  await page.goto(`${web}/stores/yhst-14093000001001/real-time-links/api-settings`)
  // The token in use, whose renewed token was never installed.
  const token = page.getByRole('row').filter({ hasText: 'Renewed' })
  const id = await token.getByRole('checkbox', { name: /Select Parcel Pilot/ }).getAttribute('value')
  await page.goto(`${page.url()}?revoke=${id}`)
  await page.getByRole('alertdialog').getByText('We no longer work together').click()
})
await picture('partner', { account: 'partner', colorScheme: 'dark', width: 1280 }, async (page) => {
  await page.goto(`${web}/partners/ypa-005259400001/tokens`)
  await page.getByRole('checkbox', { name: 'Select all' }).waitFor()
})
await browser.close()

async function picture(
  name: string,
  { account, colorScheme, width }: { account: string; colorScheme: 'light' | 'dark'; width: number },
  go: (page: Page) => Promise<void>,
) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
  await page.goto(`${web}/sign-in`)
  await page.getByLabel('E-mail').fill(`${account}@demo.example`)
  await page.getByLabel('Password').fill('demo-only-password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  await go(page)
  await page.screenshot({
    path: fileURLToPath(new URL(`${name}.png`, import.meta.url)),
    animations: 'disabled',
  })
  await page.close()
}
