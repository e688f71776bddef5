import type { Browser, Page } from '@playwright/test'

export type SentForm = [name: string, value: string][]

type Asked = {
  url: string
  cookie: string
  button: string
  /** Where several forms of one kind stand on the page; else the button must be the only one. */
  of?: 'several'
}

/** The fields of the form of a button, as a browser without JavaScript would send them. */
export async function fieldsOfForm(browser: Browser, asked: Asked): Promise<SentForm> {
  const page = await pageWithoutScripts(browser)
  await page.context().clearCookies()
  await page.context().addCookies(cookiesOf(asked))
  await page.goto(asked.url)
  const buttons = page.getByRole('button', { name: asked.button, exact: true })
  return (asked.of === 'several' ? buttons.first() : buttons).evaluate((button: HTMLButtonElement) => {
    const form = button.form
    if (!form) throw new Error('the button has no form')
    return [...new FormData(form)].map(([name, value]) => [name, String(value)] as [string, string])
  })
}

const withoutScripts = new WeakMap<Browser, Page>()

/** One for all forms that a worker reads: hundreds, and a page of its own for each took most of the time. */
async function pageWithoutScripts(browser: Browser): Promise<Page> {
  const open = withoutScripts.get(browser)
  if (open && !open.isClosed()) return open
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  withoutScripts.set(browser, page)
  return page
}

export type CapturedAction = { headers: Record<string, string>; body: Buffer<ArrayBuffer> }

/** The request of a server action as Next's client sends it; it never reaches the server. */
export async function captureAction(
  browser: Browser,
  asked: Asked,
  prepare: (page: Page) => Promise<void>,
): Promise<CapturedAction> {
  const page = await openWithScripts(browser, asked)
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await page.route('**', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await prepare(page)
  await page.getByRole('button', { name: asked.button, exact: true }).click()
  const request = await sent
  const body = request.postDataBuffer()
  if (!body) throw new Error('the action sent nothing')
  const all = request.headers()
  const headers = Object.fromEntries(
    ['next-action', 'next-router-state-tree', 'content-type', 'accept'].flatMap((name) => {
      const value = all[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  await page.context().close()
  return { headers, body: Buffer.from(body) }
}

/** Sends a form as a browser without JavaScript does. */
export function post(url: string, form: SentForm, from: { cookie: string; origin?: string }) {
  const { cookie, origin = new URL(url).origin } = from
  const body = new FormData()
  for (const [name, value] of form) body.append(name, value)
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...(cookie && { cookie }), origin },
    body,
  })
}

async function openWithScripts(browser: Browser, asked: Asked) {
  const context = await browser.newContext()
  await context.addCookies(cookiesOf(asked))
  const page = await context.newPage()
  await page.goto(asked.url)
  return page
}

/** None for somebody who is signed out. */
function cookiesOf({ url, cookie }: Asked) {
  const [name = '', ...value] = cookie.split('=')
  return name ? [{ name, value: value.join('='), url }] : []
}

/** Sends a captured action again, as somebody else or from elsewhere. */
export function replay(captured: CapturedAction, to: { url: string; cookie: string; origin?: string }) {
  const { url, cookie, origin = new URL(url).origin } = to
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...captured.headers, ...(cookie && { cookie }), origin },
    body: captured.body,
  })
}

export function changed(form: SentForm, from: string, to: string): SentForm {
  return form.map(([name, value]) => [name, value.replaceAll(from, to)])
}

export function withIds({ headers, body }: CapturedAction, from: string, to: string): CapturedAction {
  return { headers, body: Buffer.from(body.toString('latin1').replaceAll(from, to), 'latin1') }
}

/** The form of the revoke dialog with a reason chosen. */
export const confirmed = (form: SentForm): SentForm => [
  ...form.filter(([name]) => name !== 'reason'),
  ['reason', 'exposed'],
]

export function captureRevocation(browser: Browser, asked: { url: string; cookie: string; button: string }) {
  return captureAction(browser, asked, async (page) => {
    await page.getByText('Exposed').click()
  })
}
