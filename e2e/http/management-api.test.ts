import { globSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import { type ApiRoute, apiRoutes } from '#lib/management-api/routes.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { type Caller, callers, type Scene, test } from '../everyone/callers.ts'

const base = '/api/v1'
const pathOf = ({ path }: ApiRoute, scene: Scene) => base + path.replace('{id}', scene.token.id)

/** Every kind of credential that a program may present. */
const credentials = [
  ...(['of the store', 'of the partner', 'of another store', 'of another partner'] as const),
  ...(['without the scope', 'revoked', 'expired', 'from elsewhere', 'a partner access token'] as const),
] as const
type Kind = (typeof credentials)[number]

async function present(kind: Kind, { world, others, token, people }: Scene, owner: Database) {
  const by = people['the right merchant']
  const ofStore = { storeId: world.store.id }
  const past = new Date(Date.now() - 200 * 86_400_000)
  const build = async (options: Omit<Parameters<typeof buildCredential>[1], 'by'>) =>
    (await buildCredential(owner, { by, ...options })).text
  switch (kind) {
    case 'of the store':
      return build({ of: ofStore })
    case 'of the partner':
      return build({ of: { partnerId: world.partner.id } })
    case 'of another store':
      return build({ of: { storeId: others.store.id } })
    case 'of another partner':
      return build({ of: { partnerId: others.partner.id } })
    case 'without the scope':
      return build({ of: ofStore, scopes: ['pause'] })
    case 'revoked':
      return build({ of: ofStore, revokedAt: new Date(), revokedBy: by.id, revokedByName: by.name })
    case 'expired':
      return build({ of: ofStore, createdAt: past })
    case 'from elsewhere':
      return build({ of: ofStore, networks: ['203.0.113.0/24'] })
    case 'a partner access token':
      return token.text
  }
}

/** What each of them is answered where a route is about one token, and where it is a list. */
const answers: Record<Kind, { one: number; list: number; sees: 'the token' | 'nothing' }> = {
  'of the store': { one: 200, list: 200, sees: 'the token' },
  'of the partner': { one: 200, list: 200, sees: 'the token' },
  'of another store': { one: 404, list: 200, sees: 'nothing' },
  'of another partner': { one: 404, list: 200, sees: 'nothing' },
  'without the scope': { one: 403, list: 403, sees: 'nothing' },
  revoked: { one: 401, list: 401, sees: 'nothing' },
  expired: { one: 401, list: 401, sees: 'nothing' },
  'from elsewhere': { one: 403, list: 403, sees: 'nothing' },
  'a partner access token': { one: 401, list: 401, sees: 'nothing' },
}

for (const kind of credentials) {
  test(`a program with a credential ${kind} is answered so at every address`, async ({
    scene,
    owner,
    product,
  }) => {
    const authorization = `Bearer ${await present(kind, scene, owner)}`
    const { one, list, sees } = answers[kind]
    for (const route of apiRoutes) {
      // It is about the credential itself.
      const own = route.scope === null && kind === 'without the scope'
      const answer = await fetch(product.webUrl + pathOf(route, scene), { headers: { authorization } })
      const body = await answer.text()
      expect(answer.status, route.path).toBe(own ? 200 : route.path.includes('{') ? one : list)
      expect(body.includes(scene.token.last), route.path).toBe(
        sees === 'the token' && route.path.startsWith('/tokens'),
      )
      expect(body.includes(scene.world.store.id), route.path).toBe(
        kind === 'of the store' || (kind === 'of the partner' && route.scope !== null) || own,
      )
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(answer.headers.has('ratelimit'), route.path).toBe(
        [200, 404].includes(answer.status) || kind === 'without the scope',
      )
    }
  })
}

for (const route of apiRoutes) {
  test(`${route.method} ${route.path} takes the word of no session`, async ({ scene, product }) => {
    const bodies = new Set<string>()
    for (const caller of callers) {
      const answer = await asPerson(scene, caller, product.webUrl + pathOf(route, scene))
      expect(answer.status, caller).toBe(401)
      expect(answer.headers.get('content-type'), caller).toBe('application/problem+json')
      bodies.add(await answer.text())
    }
    expect(bodies.size).toBe(1)
  })
}

test('what the gate refuses, and what Next leads on, is no way around the credential', async ({
  product,
}) => {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(product.webUrl + base + path, { redirect: 'manual', ...init })
  expect((await ask('/tokens', { method: 'POST', body: '{}' })).status).toBe(401)
  expect((await ask('/tokens', { method: 'DELETE' })).status).toBe(405)
  expect((await ask('/tokens/')).status).toBe(308)
  expect((await ask('')).status).toBe(401)
  const text = createTokenText()
  const led = await ask(`/tokens?search=${text}`)
  expect(led.status).toBe(303)
  expect(led.headers.get('location')).toMatch(/^\/api\/v1\/tokens\?search=sha256%3A.{43}&refused=token$/)
})

test('its answers have the headers of what is no page, and are for nobody else', async ({
  scene,
  owner,
  product,
}) => {
  const authorization = `Bearer ${await present('of the store', scene, owner)}`
  const answer = await fetch(`${product.webUrl}${base}/tokens`, { headers: { authorization } })
  await answer.body?.cancel()
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'cache-control': 'private, no-cache',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.headers.has('access-control-allow-origin')).toBe(false)
})

test('all of the management API is answered in one place', () => {
  expect(globSync('app/api/v1/**/*.ts')).toEqual(['app/api/v1/[[...path]]/route.ts'])
  expect(readFileSync('app/api/v1/[[...path]]/route.ts', 'utf8').match(/export const \w+ = (\w+)/g)).toEqual(
    ['GET', 'HEAD', 'POST', 'OPTIONS'].map((method) => `export const ${method} = answerApi`),
  )
})

function asPerson(scene: Scene, caller: Caller, url: string) {
  const cookie = scene.cookieOf[caller]
  return fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })
}
