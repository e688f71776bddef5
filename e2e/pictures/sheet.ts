import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { chromiumLaunch } from '#tools/chromium/chromium.ts'
import { startProduct } from '#tools/test-product/product.ts'

/**
 * Takes pages and dialogs with demo data, wide and narrow, light and dark, onto four contact sheets: `npm run pictures:sheet`. It needs the
 * build, and takes about six minutes. The sheets are docs/pictures/sheet-*.jpeg; each picture by itself is in .data/pictures.
 */
const store = '/stores/yhst-14093000001001'
const settings = `${store}/real-time-links/api-settings`
const partner = '/partners/ypa-005259400001'

type Shown = { as?: 'merchant' | 'partner' | 'operator'; path: string; act?: (page: Page) => Promise<void> }

const tick = async (page: Page) => {
  await page
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .first()
    .click()
}
const press = (name: string) => async (page: Page) => {
  await tick(page)
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await page.locator('dialog[open]').waitFor()
}
const openFirst = (name: RegExp) => async (page: Page) => {
  await page.getByRole('link', { name }).first().click()
  await page.waitForLoadState('networkidle')
}

const shown: Record<string, Shown> = {
  'sign-in': { path: '/sign-in' },
  'sign-in refused': { path: '/sign-in?error=wrong-credentials' },
  'reset a password': { path: '/reset-password' },
  apply: { path: '/apply' },
  'help for stores': { path: '/help/stores' },
  'help for partners': { path: '/help/partners' },
  'not found': { path: '/nothing/here' },
  'My Services': { as: 'merchant', path: '/my-services' },
  'Store Manager': { as: 'merchant', path: store },
  'Real-Time Links': { as: 'merchant', path: `${store}/real-time-links` },
  'API Settings': { as: 'merchant', path: settings },
  'API Settings, ticked': { as: 'merchant', path: settings, act: tick },
  'API Settings, revoke': { as: 'merchant', path: settings, act: press('Revoke Selected') },
  'API Settings, renew': { as: 'merchant', path: settings, act: press('Renew Selected') },
  'Expiring Tokens': { as: 'merchant', path: `${settings}?show=expiring` },
  ended: { as: 'merchant', path: `${settings}?show=ended` },
  'nothing found': { as: 'merchant', path: `${settings}?search=nothing-of-that-name` },
  'a token': { as: 'merchant', path: settings, act: openFirst(/^(Details of|Parcel Pilot)/) },
  'Add New Partner': { as: 'merchant', path: `${settings}/add-partner` },
  'Partners with access': { as: 'merchant', path: `${settings}/partners` },
  'a partner': { as: 'merchant', path: `${settings}/partners/ypa-005259400001` },
  'webhooks of a store': { as: 'merchant', path: `${settings}/webhooks` },
  'members of a store': { as: 'merchant', path: `${store}/members` },
  'inbox of a store': { as: 'merchant', path: '/inbox' },
  account: { as: 'merchant', path: '/account' },
  'Manage Partner Tokens': { as: 'partner', path: `${partner}/tokens` },
  'Manage Partner Tokens, revoke': {
    as: 'partner',
    path: `${partner}/tokens`,
    act: press('Revoke Selected'),
  },
  'members of a partner': { as: 'partner', path: `${partner}/members` },
  'inbox of a partner': { as: 'partner', path: '/partner-inbox' },
  applications: { as: 'operator', path: '/operator/applications' },
}

const looks = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' },
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
] as const

const single = fileURLToPath(new URL('../../.data/pictures/', import.meta.url))
const sheets = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const product = await startProduct({ fill: 'demo' })
const browser = await chromium.launch(await chromiumLaunch())
try {
  await rm(single, { recursive: true, force: true })
  await mkdir(single, { recursive: true })
  await mkdir(sheets, { recursive: true })
  const people: Partial<Record<string, Awaited<ReturnType<BrowserContext['storageState']>>>> = {}
  for (const name of ['merchant', 'partner', 'operator'] as const) people[name] = await stateOf(name)
  for (const { width, height, colorScheme } of looks) {
    const pictures: [name: string, data: string][] = []
    for (const [name, { as, path, act }] of Object.entries(shown)) {
      const storageState = as && people[as]
      const context = await browser.newContext({
        ...{ viewport: { width, height }, colorScheme, isMobile: width < 600, hasTouch: width < 600 },
        ...(storageState && { storageState }),
      })
      const page = await context.newPage()
      await page.goto(`${product.webUrl}${path}`, { waitUntil: 'networkidle' })
      await act?.(page)
      const file = `${name.replaceAll(/\W+/g, '-')}-${width}-${colorScheme}.png`
      const picture = await page.screenshot({ path: `${single}${file}`, animations: 'disabled' })
      pictures.push([name, picture.toString('base64')])
      await context.close()
    }
    await sheetOf(browser, pictures, `${sheets}sheet-${width}-${colorScheme}.jpeg`, width)
  }
} finally {
  await browser.close()
  await product.stop()
}

/** Signed in as people are, on the page. */
async function stateOf(name: 'merchant' | 'partner' | 'operator') {
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

/** All of them side by side, a third as large, each with its name. */
async function sheetOf(by: Browser, pictures: [string, string][], file: string, width: number) {
  const page = await by.newPage({ viewport: { width: 1600, height: 900 } })
  const shownWidth = width > 600 ? 380 : 150
  const figures = pictures.map(
    ([name, data]) =>
      `<figure><img src="data:image/png;base64,${data}" width="${shownWidth}"><figcaption>${name}</figcaption></figure>`,
  )
  await page.setContent(
    `<style>body{margin:12px;display:flex;flex-wrap:wrap;gap:12px;font:12px sans-serif;background:#ccc}figure{margin:0}img{display:block}</style>${figures.join('')}`,
  )
  await writeFile(file, await page.screenshot({ fullPage: true, type: 'jpeg', quality: 62 }))
  await page.close()
}
