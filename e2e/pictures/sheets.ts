import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { connect, type Database } from '#db/client.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { type OwnProduct, shareProduct } from '#tools/test-product/product.ts'
import { pageStates, showState } from '../everyone/page-states.ts'
import { buildWorld, openSession } from '../fixtures/world.ts'
import { type DemoPerson, demoPartner, demoSettings, demoStore, signInAs } from './demo-people.ts'

/** Those of the demo, and the people of a store and of a partner that have nothing yet. */
type As = DemoPerson | 'new-merchant' | 'new-partner'
type Shown = { as?: As; path: string; act?: (page: Page) => Promise<void> }

const newStore = 'yhst-99000000000001'
const newSettings = `/stores/${newStore}/real-time-links/api-settings`
const newPartner = 'ypa-990000000001'

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
const openFirst = async (page: Page) => {
  const name = page
    .locator('tbody')
    .getByRole('link', { name: /ending in/ })
    .first()
  const address = await name.getAttribute('href')
  await page.goto(new URL(address ?? '', page.url()).href, { waitUntil: 'networkidle' })
}

const shown: Record<string, Shown> = {
  'sign-in': { path: '/sign-in' },
  'sign-in refused': { path: '/sign-in?error=wrong-credentials' },
  'reset a password': { path: '/reset-password' },
  apply: { path: '/apply' },
  'help for stores': { path: '/help/stores' },
  'help for partners': { path: '/help/partners' },
  'help for programs': { path: '/help/api' },
  'reference for programs': { path: '/help/api/reference' },
  'not found': { path: '/nothing/here' },
  'My Services': { as: 'merchant', path: '/my-services' },
  'Store Manager': { as: 'merchant', path: demoStore },
  'Real-Time Links': { as: 'merchant', path: `${demoStore}/real-time-links` },
  'API Settings': { as: 'merchant', path: demoSettings },
  'API Settings, ticked': { as: 'merchant', path: demoSettings, act: tick },
  'API Settings, revoke': { as: 'merchant', path: demoSettings, act: press('Revoke Selected') },
  'API Settings, renew': { as: 'merchant', path: demoSettings, act: press('Renew Selected') },
  'API Settings, pause': { as: 'merchant', path: demoSettings, act: press('Pause Selected') },
  'API Settings, filters': { as: 'merchant', path: `${demoSettings}?quiet=7&api=order&filters=open` },
  'API Settings, the end of the list': {
    as: 'merchant',
    path: demoSettings,
    act: (page) => page.getByRole('link', { name: 'Download CSV' }).scrollIntoViewIfNeeded(),
  },
  'find in a text': { as: 'merchant', path: `${demoSettings}/find` },
  'Expiring Tokens': { as: 'merchant', path: `${demoSettings}?show=expiring` },
  ended: { as: 'merchant', path: `${demoSettings}?show=ended` },
  'nothing found': { as: 'merchant', path: `${demoSettings}?search=nothing-of-that-name` },
  'a revoked token': {
    as: 'merchant',
    path: `${demoSettings}?show=ended`,
    act: openFirst,
  },
  'a token': { as: 'merchant', path: demoSettings, act: openFirst },
  'Add New Partner': { as: 'merchant', path: `${demoSettings}/add-partner` },
  'Partners with access': { as: 'merchant', path: `${demoSettings}/partners` },
  'a partner': { as: 'merchant', path: `${demoSettings}/partners/ypa-005259400001` },
  'revoke all of a store': { as: 'merchant', path: `${demoSettings}/cut-off` },
  'all revoked at once': { as: 'merchant', path: `${demoSettings}/cut-offs` },
  'webhooks of a store': { as: 'merchant', path: `${demoSettings}/webhooks` },
  'members of a store': { as: 'merchant', path: `${demoStore}/members` },
  'inbox of a store': { as: 'merchant', path: '/inbox' },
  account: { as: 'merchant', path: '/account' },
  'Manage Partner Tokens': { as: 'partner', path: `${demoPartner}/tokens` },
  'Manage Partner Tokens, revoke': {
    as: 'partner',
    path: `${demoPartner}/tokens`,
    act: press('Revoke Selected'),
  },
  'a partner chooses': { as: 'partner', path: '/partners' },
  'members of a partner': { as: 'partner', path: `${demoPartner}/members` },
  'inbox of a partner': { as: 'partner', path: '/partner-inbox' },
  'revoke all, as operator': { as: 'operator', path: '/operator/cut-off' },
  applications: { as: 'operator', path: '/operator/applications' },
  'a new store, My Services': { as: 'new-merchant', path: '/my-services' },
  'a new store, API Settings': { as: 'new-merchant', path: newSettings },
  'a new store, Partners with access': { as: 'new-merchant', path: `${newSettings}/partners` },
  'a new store, webhooks': { as: 'new-merchant', path: `${newSettings}/webhooks` },
  'a new store, inbox': { as: 'new-merchant', path: '/inbox' },
  'a new partner, tokens': { as: 'new-partner', path: `/partners/${newPartner}/tokens` },
  'Add New Partner refused': {
    ...{ as: 'merchant', path: `${demoSettings}/add-partner` },
    act: async (page) => {
      await page.getByLabel('Partner ID').fill('ypa-000000000000')
      await page.getByRole('button', { name: 'Next' }).click()
      await page.locator('main').getByRole('alert').first().waitFor()
    },
  },
  'API Settings, revoke without network': {
    ...{ as: 'merchant', path: demoSettings },
    act: async (page) => {
      await press('Revoke Selected')(page)
      await page.context().setOffline(true)
      await page
        .locator('dialog[open]')
        .getByRole('button', { name: /^Revoke/ })
        .click()
      await page.locator('dialog[open]').getByRole('alert').first().waitFor()
    },
  },
}

/** Taken last: the database is gone. */
const withoutDatabase: Record<string, Shown> = {
  'API Settings, no database': { as: 'merchant', path: demoSettings },
  'Manage Partner Tokens, no database': { as: 'partner', path: `${demoPartner}/tokens` },
  'sign-in, no database': {
    path: '/sign-in',
    act: async (page) => {
      await page.getByLabel('E-mail').fill('merchant@demo.example')
      await page.getByLabel('Password', { exact: true }).fill('demo-only-password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.locator('main').getByRole('alert').first().waitFor()
    },
  },
}

const looks = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' },
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
] as const

const single = fileURLToPath(new URL('../../.data/pictures/', import.meta.url))
const sheets = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))

type Taken = { look: (typeof looks)[number]; pictures: [name: string, data: string][] }

/**
 * Contact sheets, wide and narrow, light and dark: docs/pictures/sheet-*.jpeg of the demo's pages and dialogs, states-*.jpeg of every
 * state that axe looks at, with names as long as they get. Each picture by itself is in .data/pictures.
 */
export async function takeSheets(browser: Browser, product: OwnProduct, kinds: ('states' | 'sheet')[]) {
  for (const folder of [single, sheets]) await mkdir(folder, { recursive: true })
  const ownerUrl = product.ownerUrl
  const owner = connect({ url: ownerUrl, applicationName: 'pictures', role: 'owner', maxConnections: 2 })
  // The database is stopped for the last pages.
  owner.$client.on('error', () => {})
  // What could not be taken holds up no other; it is named at the end.
  const missing: string[] = []
  try {
    for (const kind of kinds) {
      const take = { states: takeStates, sheet: takeDemo }[kind]
      await makeSheets(browser, kind, await take(browser, product, { owner, missing }))
    }
  } finally {
    await owner.$client.end()
  }
  if (missing.length > 0) throw new Error(`Not taken:\n${missing.join('\n')}`)
}

type Tools = { owner: Database; missing: string[] }

const noneTaken = (): Taken[] => looks.map((look) => ({ look, pictures: [] }))

async function takeDemo(browser: Browser, product: OwnProduct, { owner, missing }: Tools) {
  const cookies: Partial<Record<As, Awaited<ReturnType<BrowserContext['storageState']>>['cookies']>> =
    await addNewcomers(product, owner)
  for (const name of ['merchant', 'partner', 'operator'] as const) {
    cookies[name] = (await signInAs(name, browser, product)).cookies
  }
  const taken = noneTaken()
  async function takeAll(all: Record<string, Shown>) {
    for (const [name, { as, path, act }] of Object.entries(all)) {
      const take = async ({ look: { width, height, colorScheme }, pictures }: Taken) => {
        const context = await browser.newContext({
          ...{ viewport: { width, height }, colorScheme, isMobile: width < 600, hasTouch: width < 600 },
          ...(as && { storageState: { cookies: cookies[as] ?? [], origins: [] } }),
        })
        const page = await context.newPage()
        try {
          await page.goto(`${product.webUrl}${path}`, { waitUntil: 'networkidle' })
          await act?.(page)
          pictures.push([name, await takeOne(page, name, `${width}-${colorScheme}`)])
        } catch (error) {
          missing.push(`${name}, ${width} ${colorScheme}: ${error}`)
        }
        await context.close()
      }
      await Promise.all(taken.map(take))
    }
  }
  await takeAll(shown)
  await product.database.stop()
  await takeAll(withoutDatabase)
  return taken
}

/** Each is made once, and then looked at in every look. */
async function takeStates(browser: Browser, product: OwnProduct, { owner, missing }: Tools) {
  shareProduct(product)
  const taken = noneTaken()
  for (const name of Object.keys(pageStates)) {
    const context = await browser.newContext({
      ...{ baseURL: product.webUrl, locale: 'en-GB', timezoneId: 'Europe/Lisbon' },
      viewport: { width: 1280, height: 900 },
    })
    const page = await context.newPage()
    const signIn = async (user: { id: string }) => {
      const { name, value } = await openSession(owner, product, user)
      await context.addCookies([{ name, value, url: product.webUrl, httpOnly: true, sameSite: 'Lax' }])
    }
    try {
      await showState(name, { page, world: await buildWorld(owner), owner, signIn })
      const devtools = await context.newCDPSession(page)
      for (const { look, pictures } of taken) {
        const { width, height, colorScheme } = look
        await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: width < 600 })
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        pictures.push([name, await takeOne(page, name, `${width}-${colorScheme}`)])
      }
    } catch (error) {
      missing.push(`${name}: ${error}`)
    }
    await context.close()
  }
  return taken
}

/** @returns what is in the window, as Base64. */
async function takeOne(page: Page, name: string, look: string) {
  const file = `${name.replaceAll(/\W+/g, '-')}-${look}.png`
  const picture = await page.screenshot({ path: `${single}${file}`, animations: 'disabled' })
  return picture.toString('base64')
}

/** A store without partners and a partner without stores, with a person each. @returns their cookies. */
async function addNewcomers(product: OwnProduct, owner: Database) {
  const cookieOf = async (user: { id: string }) => {
    const { name, value } = await openSession(owner, product, user)
    const { hostname } = new URL(product.webUrl)
    const usual = { path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const }
    return [{ name, value, domain: hostname, ...usual }]
  }
  const store = await buildStore(owner, { name: 'Tern & Sons', id: newStore })
  const merchant = await buildUser(owner, { name: 'Owner of Tern & Sons' })
  await addStoreMember(owner, { store, user: merchant })
  const partner = await buildPartner(owner, { name: 'Ledger Lane Ltd', id: newPartner })
  const administrator = await buildUser(owner, { name: 'Owner of Ledger Lane' })
  await addPartnerMember(owner, { partner, user: administrator })
  return { 'new-merchant': await cookieOf(merchant), 'new-partner': await cookieOf(administrator) }
}

async function makeSheets(browser: Browser, kind: string, taken: Taken[]) {
  for (const { look, pictures } of taken) {
    await makeSheet(browser, pictures, `${sheets}${kind}-${look.width}-${look.colorScheme}.jpeg`, look.width)
  }
}

/** All of them side by side, a third as large, each with its name. */
async function makeSheet(browser: Browser, pictures: [string, string][], file: string, width: number) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } })
  const shownWidth = width > 600 ? 330 : 132
  const figures = pictures.map(
    ([name, data]) =>
      `<figure><img src="data:image/png;base64,${data}" width="${shownWidth}"><figcaption>${name}</figcaption></figure>`,
  )
  await page.setContent(
    `<style>body{margin:12px;display:flex;flex-wrap:wrap;gap:12px;font:12px sans-serif;background:#ccc}figure{margin:0;width:${shownWidth}px}img{display:block}</style>${figures.join('')}`,
  )
  await writeFile(file, await page.screenshot({ fullPage: true, type: 'jpeg', quality: 50 }))
  await page.close()
}
