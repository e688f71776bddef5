import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { expect } from 'vitest'
import { type Scene, test } from '../everyone/callers.ts'
import { fieldsOfForm, post } from './forms.ts'

/** What no answer may be without, with what it must say. */
const always: Record<string, RegExp> = {
  'content-security-policy': /frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\).*geolocation=\(\)/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
}
const staticFile = `/_next/static/chunks/${readdirSync('.next/static/chunks').find((name) => name.endsWith('.js'))}`

type Asked = { init?: RequestInit; path: (scene: Scene) => string; status: number; page?: true }
const answers: Record<string, Asked> = {
  'a page': { path: ({ world }) => world.apiSettings, status: 200, page: true },
  'a page that does not exist': { path: () => '/nothing/here', status: 404, page: true },
  'a page of somebody else': { path: ({ others }) => others.apiSettings, status: 404, page: true },
  'a redirect': { path: () => '/', status: 307 },
  'a page as Next’s client asks for it': {
    path: ({ world }) => world.apiSettings,
    status: 200,
    init: { headers: { RSC: '1' } },
  },
  'a static file': { path: () => staticFile, status: 200 },
  'a static file that is not there': { path: () => '/_next/static/nothing.js', status: 404 },
  'the image optimizer': { path: () => '/_next/image?url=%2Ficon.svg&w=64&q=75', status: 400 },
  'the icon': { path: () => '/icon.svg', status: 200 },
  'the icon where browsers look for it by themselves': { path: () => '/favicon.ico', status: 200 },
  'the session as JSON': { path: () => '/api/auth/session', status: 200 },
  'a redirect of next-auth': { path: () => '/api/auth/signin', status: 303 },
  'an unknown route of next-auth': { path: () => '/api/auth/nonsense', status: 404 },
  'JSON that is none': {
    path: () => '/api/auth/signout',
    status: 400,
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' },
  },
  'a server action that does not exist': {
    path: () => '/account',
    status: 409,
    init: {
      method: 'POST',
      headers: { 'Next-Action': '0'.repeat(42), 'Sec-Fetch-Site': 'same-origin' },
      body: '[]',
    },
  },
  'a method that nothing answers to': { path: () => '/sign-in', status: 405, init: { method: 'DELETE' } },
  'a request that is too large': {
    path: () => '/sign-in',
    status: 413,
    init: { method: 'POST', body: 'x'.repeat(600_000) },
  },
  'a path that cannot be decoded': { path: () => '/stores/%E0%A4%A', status: 400 },
  'the probe of health': { path: () => '/healthz', status: 200 },
  'the probe of readiness': { path: () => '/readyz', status: 200 },
}

for (const [name, { path, status, init, page }] of Object.entries(answers)) {
  test(`${name} comes with every security header`, async ({ scene, product }) => {
    const response = await fetch(product.webUrl + path(scene), {
      redirect: status === 200 ? 'follow' : 'manual',
      ...init,
      headers: { cookie: scene.cookieOf['the right merchant'], ...init?.headers },
    })
    expect(response.status).toBe(status)
    for (const [header, value] of Object.entries(always)) {
      expect(response.headers.get(header), header).toMatch(value)
    }
    expect(response.headers.get('x-powered-by')).toBeNull()
    if (page) await expectOnlyNoncedCode(response)
  })
}

test('the answer of a server action comes with every security header', async ({ scene, product }) => {
  const cookie = scene.cookieOf['the right merchant']
  const token = await scene.world.issue()
  const list = `${product.webUrl}${scene.world.apiSettings}?revoke=${token.id}`
  const action = await fieldsOfForm({ url: list, cookie, button: 'Revoke' })
  for (const origin of [product.webUrl, 'https://evil.example']) {
    const response = await post(list, action, { cookie, origin })
    for (const [header, value] of Object.entries(always)) {
      expect(response.headers.get(header), header).toMatch(value)
    }
  }
})

/** What fetch would not send. */
const oddities: Record<string, [request: string, status: number]> = {
  'what is no HTTP': ['NONSENSE\r\n\r\n', 400],
  'a request that names no host': ['GET /healthz HTTP/1.1\r\n\r\n', 400],
  'a request with an unknown expectation': [
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: x\r\n\r\n',
    200,
  ],
  'a request for another protocol': [
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    200,
  ],
}

for (const [name, [request, status]] of Object.entries(oddities)) {
  test(`${name} is answered, with every security header`, async ({ product }) => {
    // Only from its first page on does Next listen for upgrades.
    await (await fetch(`${product.webUrl}/sign-in`)).body?.cancel()
    const { hostname, port } = new URL(product.webUrl)
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(Number(port), hostname, () => socket.write(request))
      socket.on('data', (chunk) => {
        received += chunk
        if (!received.includes('\r\n\r\n')) return
        resolve(received)
        socket.destroy()
      })
      socket.on('error', reject)
    })
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    for (const header of Object.keys(always)) expect(text.toLowerCase()).toContain(`\r\n${header}: `)
  })
}

test('no two answers have the same nonce, and a client cannot choose it', async ({ product }) => {
  const nonces = []
  for (let n = 0; n < 5; n++) {
    const headers = { 'content-security-policy': "script-src 'nonce-chosen'", 'x-nonce': 'chosen' }
    const response = await fetch(`${product.webUrl}/sign-in`, { headers })
    const html = await response.text()
    expect(html).not.toContain('chosen')
    nonces.push(nonceOf(response))
  }
  expect(new Set(nonces).size).toBe(5)
})

function nonceOf(response: Response): string {
  const policy = response.headers.get('content-security-policy') ?? ''
  const nonce = /script-src 'self' 'nonce-([^']{20,})' 'strict-dynamic'(;|$)/.exec(policy)?.[1]
  if (!nonce) throw new Error(`no nonce in ${policy}`)
  expect(policy).not.toContain('unsafe')
  return nonce
}

/** Inline code carries the nonce of its own answer; there are no handlers and no styles in attributes. */
async function expectOnlyNoncedCode(response: Response) {
  const nonce = nonceOf(response)
  const html = await response.text()
  const tags = html.match(/<(script|style)\b[^>]*>/g) ?? []
  expect(tags.length).toBeGreaterThan(0)
  for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`)
  const markup = html.replaceAll(/<script.*?<\/script>/gs, '')
  expect(markup).not.toMatch(/<[^>]*\s(style|on[a-z]+)="/)
}
