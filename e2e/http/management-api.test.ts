import { execFile, spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import { type ApiRoute, apiRoutes } from '#lib/management-api/routes.ts'
import { createTokenText, hashTokenText } from '#lib/tokens/model/secret.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { callers, type Scene, test } from '../everyone/callers.ts'
import { showsLast } from './forms.ts'

const base = '/api/v1'
const all = ['read', 'issue', 'renew', 'collect', 'revoke', 'pause'] as const

type Asked = { scene: Scene; tokenId: string }

/** A request that is right in all but who sends it. */
function requestOf(route: ApiRoute, { scene, tokenId }: Asked): { path: string; init: RequestInit } {
  const path = base + route.path.replace('{id}', tokenId)
  if (route.method === 'GET') return { path, init: {} }
  const pause = { until: new Date(Date.now() + 3_600_000).toISOString(), endsAs: 'resumed' }
  const body =
    route.path === '/tokens'
      ? { partnerId: scene.world.partner.id }
      : { tokenIds: [tokenId], ...(route.path === '/tokens/pause' && pause) }
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  return { path, init: { method: 'POST', headers, body: JSON.stringify(body) } }
}

/** Every kind of credential that a program may present. */
const credentials = [
  ...(['of the store', 'of the partner', 'of another store', 'of another partner'] as const),
  ...(['without the scope', 'revoked', 'expired', 'from elsewhere', 'a partner access token'] as const),
] as const
type Kind = (typeof credentials)[number]

async function present(
  kind: Kind,
  { world, others, token, people }: Scene,
  owner: Database,
  route?: ApiRoute,
) {
  const by = people['the right merchant']
  const ofStore = { storeId: world.store.id }
  const past = new Date(Date.now() - 200 * 86_400_000)
  const build = async (options: Omit<Parameters<typeof buildCredential>[1], 'by'>) =>
    (await buildCredential(owner, { by, scopes: [...all], ...options })).text
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
      return build({ of: ofStore, scopes: all.filter((scope) => scope !== route?.scope) })
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

/** Whose credential it is decides what they are answered; of those who may not even ask, one status. */
const refused: Partial<Record<Kind, number>> = {
  ...{ 'without the scope': 403, revoked: 401, expired: 401 },
  ...{ 'from elsewhere': 403, 'a partner access token': 401 },
}

function statusOf(kind: Kind, { path, method, scope }: ApiRoute): number {
  if (kind === 'without the scope' && scope === null) return 200
  const status = refused[kind]
  if (status !== undefined) return status
  const isOwn = kind === 'of the store' || kind === 'of the partner'
  const isPartner = kind === 'of the partner' || kind === 'of another partner'
  // The token of the scene lives; another store does not have its partner.
  if (method === 'POST' && path === '/tokens') return isPartner ? 403 : isOwn ? 409 : 404
  // Each token by itself: what is not theirs is answered in its result.
  if (path === '/tokens/collect' || path === '/tokens/retire') return 200
  return isOwn || !(path.includes('{id}') || method === 'POST') ? 200 : 404
}

for (const kind of credentials) {
  test(`a program with a credential ${kind} is answered so at every address, and changes nothing of others`, async ({
    scene,
    owner,
    product,
  }) => {
    const { id: tokenId, last } = await scene.world.issue()
    const isOwn = kind === 'of the store' || kind === 'of the partner'
    for (const route of apiRoutes) {
      const authorization = `Bearer ${await present(kind, scene, owner, route)}`
      const { path, init } = requestOf(route, { scene, tokenId })
      const answer = await fetch(product.webUrl + path, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), authorization },
      })
      const body = await answer.text()
      const name = `${route.method} ${route.path}`
      expect(answer.status, name).toBe(statusOf(kind, route))
      expect(showsLast(body, last), name).toBe(isOwn && ['GET /tokens', 'GET /tokens/{id}'].includes(name))
      if (!isOwn && route.scope !== null) expect(body, name).not.toContain(scene.world.store.id)
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(answer.headers.has('ratelimit'), name).toBe(
        refused[kind] === undefined || kind === 'without the scope',
      )
    }
    const { rows } = await owner.$client.query(
      `select (select count(*)::int from revocations where token_id = $1)
         + (select count(*)::int from pauses where token_id = $1)
         + (select count(*)::int from tokens where predecessor_id = $1) as traces`,
      [tokenId],
    )
    expect(rows[0].traces > 0).toBe(isOwn)
  })
}

for (const route of apiRoutes) {
  test(`${route.method} ${route.path} takes the word of no session`, async ({ scene, product }) => {
    const bodies = new Set<string>()
    for (const caller of callers) {
      const { path, init } = requestOf(route, { scene, tokenId: scene.token.id })
      const cookie = scene.cookieOf[caller]
      const answer = await fetch(product.webUrl + path, {
        ...{ redirect: 'manual', ...init },
        headers: { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) },
      })
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

const hasPrograms = ['bash', 'curl', 'jq'].every((name) => spawnSync('which', [name]).status === 0)

test.skipIf(!hasPrograms)(
  'the script of docs/guide.md renews what ends soon and puts each new text in its place',
  async ({ scene: { world }, owner, product }) => {
    const expiresAt = new Date(Date.now() + 5 * 86_400_000)
    const ending = [await world.issue({ expiresAt }), await world.issue({ expiresAt })]
    const of = { storeId: world.store.id }
    const scopes = ['read' as const, 'renew' as const, 'collect' as const]
    const { text } = await buildCredential(owner, { of, by: world.storeOwner, scopes })
    const [, script = ''] = /```sh\n(api\(\)[^`]*)```/.exec(readFileSync('docs/guide.md', 'utf8')) ?? []
    const own = 'uuidgen() { echo $RANDOM-$RANDOM-$RANDOM; }\nput() { echo "$1 $2"; }\n'
    const env = { ...process.env, CREDENTIAL: text, URL: product.webUrl }
    const { stdout } = await promisify(execFile)('bash', ['-ec', own + script], { env })
    const { rows } = await owner.$client.query(
      `select successor.id, successor.hash from tokens successor where predecessor_id = any($1)`,
      [ending.map(({ id }) => id)],
    )
    expect(rows).toHaveLength(2)
    const put = new Map(stdout.split('\n').map((line) => line.split(' ') as [string, string]))
    for (const { id, hash } of rows) expect(hashTokenText(put.get(id) ?? '')).toEqual(hash)
  },
)
