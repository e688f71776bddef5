import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from '@playwright/test'
import { checkoutFolder } from '#tools/checkout.ts'
import { chromiumLaunch } from '#tools/chromium/chromium.ts'
import type { OwnProduct } from '#tools/test-product/product.ts'

/** A build that runs with demo data, and who is signed in on which side of it. */
export type Measured = {
  which: 'this build' | 'the other'
  /** With its id. */
  name: string
  product: OwnProduct
  cookies: Record<Side | 'nobody', Cookies>
}

export type Side = 'merchant' | 'partner'
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

/** The addresses that are measured, and as whom. The demo has the same ones in each build. */
export const measuredPages = {
  'sign-in': { path: '/sign-in', as: 'nobody' },
  'My Services': { path: '/my-services', as: 'merchant' },
  'API Settings': { path: '/stores/yhst-14093000001001/real-time-links/api-settings', as: 'merchant' },
  'Manage Partner Tokens': { path: '/partners/ypa-005259400001/tokens', as: 'partner' },
} satisfies Record<string, { path: string; as: keyof Measured['cookies'] }>

/**
 * Starts the build of this checkout, and that of another one if it is given, and runs `measure` with both.
 * @param beside the folder of another checkout, with its packages and its build.
 */
export async function withBuilds(
  beside: string | undefined,
  measure: (builds: Measured[], browser: Browser) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch(await chromiumLaunch())
  const started: Measured[] = []
  try {
    for (const folder of beside ? [checkoutFolder, resolve(beside)] : [checkoutFolder]) {
      started.push(await startBuild(folder, browser))
    }
    await measure(started, browser)
  } finally {
    await browser.close()
    for (const { product } of started) await product.stop()
  }
}

async function startBuild(folder: string, browser: Browser): Promise<Measured> {
  const build = await readFile(`${folder}/.next/BUILD_ID`, 'utf8')
  // Of that checkout: its own modules, its own web server, its own build.
  const { startProduct } = await import(pathToFileURL(`${folder}/tools/test-product/product.ts`).href)
  const product: OwnProduct = await startProduct({ fill: 'demo' })
  const signIn = (side: Side) => signInAs(side, product, browser)
  const cookies = { merchant: await signIn('merchant'), partner: await signIn('partner'), nobody: [] }
  const which = folder === checkoutFolder ? 'this build' : 'the other'
  return { which, name: `${which} (${build})`, product, cookies }
}

/** What a browser holds that has signed in on the page of that name. */
export async function signInAs(side: Side, { webUrl }: OwnProduct, browser: Browser) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${webUrl}/sign-in`)
  await page.getByLabel('E-mail').fill(`${side}@demo.example`)
  await page.getByLabel('Password').fill('demo-only-password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  const cookies = await context.cookies()
  await context.close()
  return cookies
}

/** A browser that has never been here, signed in already. */
export async function freshContext(
  browser: Browser,
  { cookies }: Measured,
  as: keyof Measured['cookies'],
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  await context.addCookies(cookies[as])
  return context
}

/** What stands behind a name on the command line. */
export function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
