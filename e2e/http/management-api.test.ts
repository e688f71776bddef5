import { execFile, spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import { credentialScopes } from '#db/schema/service-credentials.ts'
import type { Side } from '#lib/access/actor.ts'
import { type ApiRoute, apiRoutes } from '#lib/management-api/routes.ts'
import { planHash } from '#lib/plans/hash.ts'
import { createTokenText, hashTokenText } from '#lib/tokens/model/secret.ts'
import { buildWebhookDelivery, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { buildCutOff } from '#tools/seed/campaigns.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { callers, test } from '../everyone/callers.ts'
import { freeze, plannerOf } from '../fixtures/plans.ts'
import { buildWorld, type World } from '../fixtures/world.ts'
import { showsLast } from './forms.ts'

const base = '/api/v1'

/** What requests are about: of the store and of the partner of a world. */
type Things = {
  world: World
  tokenId: string
  cutOffId: string
  webhookId: string
  deliveryId: string
  /** To be confirmed, and to be cancelled. */
  plans: [string, string]
  hash: string
}

async function buildThings(owner: Database, world: World, side: Side): Promise<Things> {
  const { store, partner, storeOwner } = world
  const { id: tokenId } = await world.issue()
  const cutOffId = await buildCutOff(owner, {
    ...{ storeId: store.id, partnerId: partner.id, ageDays: 400 },
    by: world.partnerAdministrator,
  })
  const of = side === 'merchant' ? { storeId: store.id } : { partnerId: partner.id }
  const { id: webhookId } = await buildWebhookEndpoint(owner, {
    ...{ id: uuidv7(), url: publicUrl, encryptedSecret: 'unread', createdBy: storeOwner.id, ...of },
    // What is done here is none of these: only what a request sends is delivered.
    kinds: ['token.expired'],
  })
  const delivery = { endpointId: webhookId, state: 'delivered' as const }
  const { id: deliveryId } = await buildWebhookDelivery(owner, delivery)
  const planner = plannerOf(world, side)
  const plans: [string, string] = [await freeze(owner, planner), await freeze(owner, planner)]
  const { rows } = await owner.$client.query('select ids_hash as hash from bulk_plans where id = $1', [
    plans[0],
  ])
  return { world, tokenId, cutOffId, webhookId, deliveryId, plans, hash: planHash('resume', rows[0].hash) }
}

/** No name has to be asked for, and no worker of these tests sends anything there. */
const publicUrl = 'https://93.184.216.34/hook'

/** A request that is right in all but who sends it. */
function requestOf(route: ApiRoute, side: Side, things: Things): { path: string; init: RequestInit } {
  const { tokenId, cutOffId, webhookId, plans } = things
  const id = route.path.startsWith('/cut-offs')
    ? cutOffId
    : route.path.startsWith('/webhooks')
      ? webhookId
      : route.path.startsWith('/plans')
        ? plans[0]
        : tokenId
  const path = base + route.path.replace('{id}', id)
  if (route.method === 'GET') return { path, init: {} }
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  return { path, init: { method: 'POST', headers, body: JSON.stringify(bodyOf(route.path, side, things)) } }
}

function bodyOf(
  path: string,
  side: Side,
  { world: { store, partner }, tokenId, webhookId, deliveryId, plans, hash }: Things,
) {
  const other = side === 'merchant' ? partner : store
  switch (path) {
    case '/tokens':
      return { partnerId: partner.id }
    case '/tokens/pause':
      return {
        ...{ tokenIds: [tokenId], until: new Date(Date.now() + 3_600_000).toISOString() },
        endsAs: 'resumed',
      }
    case '/plans':
      return { of: 'list', list: { show: 'active' } }
    case '/plans/confirm':
      return { kind: 'resume', planId: plans[0], hash }
    case '/plans/cancel':
      return { planId: plans[1] }
    case '/plans/stop':
      return { planId: plans[1] }
    case '/cut-offs':
      return { of: 'pair', otherId: other.id, name: other.name, reason: 'exposed' }
    case '/webhooks':
      return { url: publicUrl, kinds: ['token.revoked'] }
    case '/webhooks/change':
      return { webhookId, url: publicUrl, kinds: ['token.expiring'] }
    case '/webhooks/switch':
      return { webhookId, to: 'enabled' }
    case '/webhooks/redeliver':
      return { deliveryId }
    default:
      return path.startsWith('/webhooks') ? { webhookId } : { tokenIds: [tokenId] }
  }
}

/** Every kind of credential that a program may present. */
const credentials = [
  ...(['of the store', 'of the partner', 'of another store', 'of another partner'] as const),
  ...(['without the scope', 'revoked', 'expired', 'from elsewhere', 'a partner access token'] as const),
] as const
type Kind = (typeof credentials)[number]
let things: Things | undefined

async function present(
  kind: Kind,
  { world, others }: { world: World; others: World },
  owner: Database,
  route?: ApiRoute,
) {
  const by = world.storeOwner
  const ofStore = { storeId: world.store.id }
  const past = new Date(Date.now() - 200 * 86_400_000)
  const build = async (options: Omit<Parameters<typeof buildCredential>[1], 'by'>) =>
    (await buildCredential(owner, { by, scopes: [...credentialScopes], ...options })).text
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
      return build({ of: ofStore, scopes: credentialScopes.filter((scope) => scope !== route?.scope) })
    case 'revoked':
      return build({ of: ofStore, revokedAt: new Date(), revokedBy: by.id, revokedByName: by.name })
    case 'expired':
      return build({ of: ofStore, createdAt: past })
    case 'from elsewhere':
      return build({ of: ofStore, networks: ['203.0.113.0/24'] })
    case 'a partner access token':
      return (await world.issue()).text
  }
}

/** Whose credential it is decides what they are answered; of those who may not even ask, one status. */
const refused: Partial<Record<Kind, number>> = {
  ...{ 'without the scope': 403, revoked: 401, expired: 401 },
  ...{ 'from elsewhere': 403, 'a partner access token': 401 },
}

const isOwnKind = (kind: Kind) => kind === 'of the store' || kind === 'of the partner'

function statusOf(kind: Kind, { path, method, scope }: ApiRoute): number {
  if (kind === 'without the scope' && scope === null) return 200
  const status = refused[kind]
  if (status !== undefined) return status
  const isOwn = isOwnKind(kind)
  const isPartner = kind === 'of the partner' || kind === 'of another partner'
  // The token of the world lives; another store does not have its partner.
  if (method === 'POST' && path === '/tokens') return isPartner ? 403 : isOwn ? 409 : 404
  // Each token by itself: what is not theirs is answered in its result.
  if (path === '/tokens/collect' || path === '/tokens/retire') return 200
  // What is done for oneself: others have no live token.
  if (path === '/webhooks') return 200
  if (method === 'POST' && path === '/plans') return isOwn ? 200 : 422
  // It was cancelled before.
  if (isOwn && path === '/plans/stop') return 409
  return isOwn || !(path.includes('{id}') || method === 'POST') ? 200 : 404
}

for (const kind of credentials) {
  test(`a program with a credential ${kind} is answered so at every address, and changes nothing of others`, async ({
    owner,
    product,
  }) => {
    const [world, others] = [await buildWorld(owner), await buildWorld(owner)]
    const side = kind === 'of the partner' || kind === 'of another partner' ? 'partner' : 'merchant'
    const things = await buildThings(owner, world, side)
    const { tokenId } = things
    const { rows: shown } = await owner.$client.query('select last_characters from tokens where id = $1', [
      tokenId,
    ])
    // What a plan or a cut-off finds when the first one is revoked.
    await world.issue()
    const isOwn = isOwnKind(kind)
    for (const route of apiRoutes) {
      const authorization = `Bearer ${await present(kind, { world, others }, owner, route)}`
      const { path, init } = requestOf(route, side, things)
      const answer = await fetch(product.webUrl + path, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), authorization },
      })
      const body = await answer.text()
      const name = `${route.method} ${route.path}`
      expect(answer.status, `${name} ${body}`).toBe(statusOf(kind, route))
      expect(showsLast(body, shown[0].last_characters), name).toBe(
        isOwn && ['GET /tokens', 'GET /tokens/{id}'].includes(name),
      )
      if (!isOwn && route.scope !== null) expect(body, name).not.toContain(world.store.id)
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(answer.headers.has('ratelimit'), name).toBe(
        refused[kind] === undefined || kind === 'without the scope',
      )
    }
    const { rows } = await owner.$client.query(
      `select (select count(*)::int from revocations where token_id = $1) as revoked,
         (select count(*)::int from pauses where token_id = $1) as paused,
         (select count(*)::int from tokens where predecessor_id = $1) as renewed,
         (select count(*)::int from bulk_plan_books where plan_id = any($2) and finished_at is not null) as plans,
         (select count(*)::int from cut_offs where store_id = $3 and partner_id = $4 and id <> $5) as "cutOffs",
         (select count(*)::int from webhook_endpoints where id = $6 and kinds = '{token.expiring}' and removed_at is not null) as webhooks,
         (select count(*)::int from webhook_deliveries where endpoint_id = $6 and state <> 'delivered') as deliveries`,
      [tokenId, things.plans, world.store.id, world.partner.id, things.cutOffId, things.webhookId],
    )
    expect(rows[0]).toEqual(
      isOwn
        ? { revoked: 1, paused: 0, renewed: 1, plans: 2, cutOffs: 1, webhooks: 1, deliveries: 2 }
        : { revoked: 0, paused: 0, renewed: 0, plans: 0, cutOffs: 0, webhooks: 0, deliveries: 0 },
    )
  })
}

for (const route of apiRoutes) {
  test(`${route.method} ${route.path} takes the word of no session`, async ({ scene, owner, product }) => {
    things ??= await buildThings(owner, scene.world, 'merchant')
    const bodies = new Set<string>()
    for (const caller of callers) {
      const { path, init } = requestOf(route, 'merchant', things)
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
  const large = { method: 'POST', body: '{}'.padEnd(513 * 1024) }
  const tooLarge = await ask('/tokens', large)
  expect([tooLarge.status, tooLarge.headers.get('content-type')]).toEqual([413, 'text/plain; charset=utf-8'])
  const unmeasured = new Blob(['{}']).stream()
  const streamed = { method: 'POST', body: unmeasured, duplex: 'half' } as RequestInit
  expect((await ask('/tokens', streamed)).status).toBe(411)
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
