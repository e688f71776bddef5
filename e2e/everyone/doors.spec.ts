import { globSync } from 'node:fs'
import { expect, orderQuery } from '../fixtures/test.ts'
import { type Caller, type Scene, test } from './callers.ts'

const dayMs = 86_400_000

test('what answers besides pages is next-auth, and the one click that ends mails', () => {
  expect(globSync('app/**/route.ts').sort()).toEqual([
    'app/api/auth/[...nextauth]/route.ts',
    'app/unsubscribe/one-click/route.ts',
  ])
})

const nobody: Caller[] = ['somebody signed out', 'a disabled user', 'somebody whose session was ended']
for (const caller of nobody) {
  test(`/api/auth/session tells ${caller} nothing`, async ({ scene, product }) => {
    const response = await asCaller(scene, caller, `${product.webUrl}/api/auth/session`)
    expect([response.status, await response.json()]).toEqual([200, {}])
  })
}

test('/api/auth/session tells the signed-in who they are, and nothing that would be worth stealing', async ({
  scene,
  product,
}) => {
  const response = await asCaller(scene, 'the right merchant', `${product.webUrl}/api/auth/session`)
  const session = await response.json()
  expect(session.user).toMatchObject({ email: scene.world.storeOwner.email })
  expect(JSON.stringify(session)).not.toContain(scene.sessionOf['the right merchant'])
})

const routes: [method: string, path: string, status: number, leadsTo?: string][] = [
  ['GET', '/api/auth/csrf', 200],
  ['GET', '/api/auth/providers', 200],
  ['GET', '/api/auth/signin', 303, '/sign-in'],
  ['GET', '/api/auth/error?error=AccessDenied', 303, '/sign-in?error=issuer-failed'],
  ['GET', '/api/auth/signout', 303, '/account'],
  ['GET', '/api/auth/callback/credentials?email=a@b.example&password=x', 405],
  ['POST', '/api/auth/_log', 404],
  ['POST', '/api/auth/session', 404],
  ['GET', '/api/auth/verify-request', 404],
  ['GET', '/api/auth/nonsense', 404],
]
for (const [method, path, status, leadsTo] of routes) {
  test(`${method} ${path} answers ${status}${leadsTo ? ` and leads to ${leadsTo}` : ''}, and signs nobody in or out`, async ({
    scene,
    product,
    owner,
  }) => {
    for (const caller of ['somebody signed out', 'the right merchant'] as const) {
      const response = await asCaller(scene, caller, product.webUrl + path, { method })
      expect(response.status).toBe(status)
      expect(response.headers.get('location')).toBe(leadsTo ?? null)
      expect(response.headers.getSetCookie().join()).not.toContain('session-token')
      expect(response.headers.get('cache-control')).toContain('no-store')
    }
    const { rows } = await owner.$client.query('select ended_at from sessions where id = $1', [
      scene.sessionOf['the right merchant'],
    ])
    expect(rows).toEqual([{ ended_at: null }])
  })
}

test('what no form could say is the client’s mistake', async ({ product }) => {
  for (const body of ['{', 'null', '{"csrfToken":["x"],"email":{},"callbackUrl":[]}']) {
    for (const path of ['/api/auth/callback/credentials', '/api/auth/signin/oidc', '/api/auth/signout']) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      const response = await fetch(product.webUrl + path, init)
      expect(response.status).toBe(400)
    }
  }
})

test('a form of another site signs nobody in and nobody out', async ({ scene, product, owner }) => {
  const { email } = scene.world.storeOwner
  const wrong = new URLSearchParams({ csrfToken: 'a'.repeat(64), email, password: 'only-for-tests-password' })
  for (const path of ['/api/auth/signout', '/api/auth/callback/credentials']) {
    const response = await asCaller(scene, 'the right merchant', product.webUrl + path, {
      method: 'POST',
      body: wrong,
    })
    expect(response.status).toBe(303)
    expect(response.headers.getSetCookie().join()).not.toContain('session-token')
  }
  const { rows } = await owner.$client.query('select ended_at from sessions where id = $1', [
    scene.sessionOf['the right merchant'],
  ])
  expect(rows).toEqual([{ ended_at: null }])
})

type Presented = (scene: Scene) => Promise<string> | string
const presented: Record<string, { token: Presented; code?: 10009 | 10010; active: boolean }> = {
  'no token': { token: () => '', code: 10009, active: false },
  'a token that nobody issued': { token: () => `1.0_${'A'.repeat(60)}`, code: 10009, active: false },
  'a live token': { token: ({ token }) => token.text, active: true },
  'the token of another store': {
    token: async ({ others }) => (await others.issue()).text,
    code: 10010,
    active: true,
  },
  'a revoked token': {
    token: async ({ world }) => (await world.issue({ revocation: revokedBy(world.storeOwner) })).text,
    code: 10009,
    active: false,
  },
  'an expired token': {
    token: async ({ world }) => {
      const [createdAt, expiresAt] = [new Date(Date.now() - 9 * dayMs), new Date(Date.now() - 1)]
      return (await world.issue({ createdAt, expiresAt })).text
    },
    code: 10009,
    active: false,
  },
}
for (const [name, { token, code, active }] of Object.entries(presented)) {
  test(`the API door answers ${name} with ${code ?? 'orders'}, and introspection says active: ${active}`, async ({
    scene,
    callStore,
    product,
  }) => {
    const text = await token(scene)
    const answer = await callStore(text, scene.world.store.id)
    expect(answer.status).toBe(code ? 400 : 200)
    expect(answer.body.includes('<OrderID>1001</OrderID>')).toBe(!code)
    if (code) expect(answer.body).toContain(`<Code>${code}</Code>`)
    const introspected = await introspect(product.doorUrl, text || 'x', 'e2e:e2e-client-secret')
    expect((await introspected.json()).active).toBe(active)
    for (const client of [undefined, 'e2e:wrong', 'other:e2e-client-secret']) {
      const refused = await introspect(product.doorUrl, text || 'x', client)
      expect([refused.status, await refused.json()]).toEqual([401, { error: 'invalid_client' }])
    }
  })
}

test('the API door refuses every token of a store on Starter, and of the web server’s people their cookies', async ({
  world,
  owner,
  callStore,
  product,
  scene,
}) => {
  const token = await world.issue()
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [world.store.id])
  const answer = await callStore(token.text, world.store.id)
  expect([answer.status, answer.body.includes('<Code>10010</Code>')]).toEqual([400, true])
  const introspected = await introspect(product.doorUrl, token.text, 'e2e:e2e-client-secret')
  expect(await introspected.json()).toEqual({ active: false, inactive_reason: 'package-without-apis' })
  const withCookie = await fetch(`${product.doorUrl}/V1/order`, {
    method: 'POST',
    headers: { cookie: scene.cookieOf['the right merchant'] },
    body: orderQuery('', scene.world.store.id),
  })
  expect(await withCookie.text()).toContain('<Code>10009</Code>')
})

function asCaller(scene: Scene, caller: Caller, url: string, init: RequestInit = {}) {
  const cookie = scene.cookieOf[caller]
  return fetch(url, { redirect: 'manual', ...init, headers: cookie ? { cookie } : {} })
}

function introspect(doorUrl: string, token: string, client: string | undefined) {
  const authorization = client && `Basic ${Buffer.from(client).toString('base64')}`
  return fetch(`${doorUrl}/introspect`, {
    method: 'POST',
    headers: authorization ? { authorization } : {},
    body: new URLSearchParams({ token }),
  })
}

function revokedBy(by: { id: string; name: string }) {
  return { side: 'merchant', by } as const
}
