import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { requestLimit } from '#lib/credentials/limits.ts'
import { mintCredential } from '#lib/credentials/model/text.ts'
import { accessListSchema } from '#lib/management-api/access-json.ts'
import { describeApi } from '#lib/management-api/openapi.ts'
import type { problems } from '#lib/management-api/problems.ts'
import { apiRoutes } from '#lib/management-api/routes.ts'
import { tokenDetailsSchema, tokenListSchema } from '#lib/management-api/token-json.ts'
import { log } from '#lib/process/log.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { filterNames } from '#lib/tokens/review/list-query.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { documented } from './test-answers.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: from, userAgent: null }),
  ownOrigin: async () => origin,
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getProgramDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
const origin = 'https://tokens.example'
let from: string | null = '192.0.2.1'
let storeId: string
let partnerIds: string[]
let by: { id: string; name: string }
let text: string

beforeAll(async () => {
  log.level = 'silent'
  const store = await buildStore(owner)
  const user = await buildUser(owner)
  await addStoreMember(owner, { store, user })
  ;[storeId, by] = [store.id, user]
  const partners = []
  for (const name of ['Anchor', 'Beacon', 'Compass']) partners.push(await buildPartner(owner, { name }))
  partnerIds = partners.map(({ id }) => id)
  for (const partner of partners) {
    await grantAccess(owner, { store, partner })
    for (const days of [5, 50, 500]) {
      const expiresAt = new Date(Date.now() + days * 86_400_000)
      await buildToken(owner, { storeId, partnerId: partner.id, expiresAt })
    }
  }
})

beforeEach(async () => {
  from = '192.0.2.1'
  text = (await buildCredential(owner, { of: { storeId }, by })).text
})

const ask = (path: string, { as = text, ...init }: RequestInit & { as?: string } = {}) =>
  documented(
    new Request(`${origin}/api/v1${path}`, {
      ...init,
      headers: { ...(as && { authorization: `Bearer ${as}` }), ...init.headers },
    }),
  )
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body = await response.json()
  expect(body).toMatchObject({
    status: response.status,
    title: expect.any(String),
    detail: expect.any(String),
  })
  return { ...body, name: body.type.replace(/^.*#/, '') }
}
const listOf = async (path: string) => tokenListSchema.strict().parse(await (await ask(path)).json())

test('every token of the list comes once, in its order, whatever the size of a page', async () => {
  const whole = (await listOf('/tokens?sort=expires&limit=1000')).tokens.map(({ id }) => id)
  expect(whole).toHaveLength(9)
  for (const limit of [1, 2, 4, 9]) {
    const ids: string[] = []
    let next: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listOf>> = await listOf(
        `/tokens?sort=expires&limit=${limit}${next ? `&after=${encodeURIComponent(next)}` : ''}`,
      )
      ids.push(...page.tokens.map(({ id }) => id))
      next = page.next
    } while (next)
    expect(ids).toEqual(whole)
  }
  expect((await listOf('/tokens?show=expiring')).tokens).toHaveLength(3)
  expect((await listOf('/tokens?search=beacon')).tokens.map(({ partner }) => partner.name)).toEqual([
    ...['Beacon', 'Beacon', 'Beacon'],
  ])
})

test('one token comes with its history and its use, as its schema has it', async () => {
  const [listed] = (await listOf('/tokens')).tokens
  const details = tokenDetailsSchema.strict().parse(await (await ask(`/tokens/${listed?.id}`)).json())
  expect(details.token).toEqual(listed)
  expect(details.history).toMatchObject([{ action: 'token.issued', actor: 'person' }])
})

test('the access list of a store has its partners, that of a partner its stores', async () => {
  const page = accessListSchema.strict().parse(await (await ask('/access?limit=2')).json())
  expect(page.access.map(({ partner, liveTokens }) => [partner.name, liveTokens])).toEqual([
    ['Anchor', 3],
    ['Beacon', 3],
  ])
  const rest = await (await ask(`/access?limit=2&after=${page.next}`)).json()
  expect(rest).toMatchObject({ access: [{ partner: { name: 'Compass' } }], next: null })
  const partners = await buildCredential(owner, { of: { partnerId: partnerIds[0] ?? '' }, by })
  const ofPartner = await (await ask('/access', { as: partners.text })).json()
  expect(ofPartner).toMatchObject({ access: [{ store: { id: storeId } }], next: null })
})

test('what has not changed is not sent again, and what has is', async () => {
  const first = await ask('/tokens?search=compass')
  const tag = first.headers.get('etag') ?? ''
  const again = await ask('/tokens?search=compass', { headers: { 'if-none-match': `"x", ${tag}` } })
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
  await buildToken(owner, { storeId, partnerId: partnerIds[2] ?? '' })
  const changed = await ask('/tokens?search=compass', { headers: { 'if-none-match': tag } })
  expect(changed.status).toBe(200)
  expect(changed.headers.get('etag')).not.toBe(tag)
})

test('HEAD has the headers of GET, and no body', async () => {
  const [head, get] = [await ask('/access', { method: 'HEAD' }), await ask('/access')]
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
})

test('a program reads what its credential is', async () => {
  const { id, text: as, name } = await buildCredential(owner, { of: { storeId }, by, scopes: ['collect'] })
  expect(await (await ask('/credential', { as })).json()).toEqual({
    ...{ id, name, scopes: ['collect'], expiresAt: expect.any(String) },
    ...{ store: { id: storeId }, partner: null },
  })
})

describe('who presents', () => {
  const cases: [what: string, name: keyof typeof problems, as: () => Promise<string>][] = [
    ['nothing', 'credential-missing', async () => ''],
    ['any word', 'credential-malformed', async () => 'opensesame'],
    ['a partner access token', 'credential-is-a-token', async () => createTokenText()],
    ['a credential of another installation', 'credential-unknown', async () => mintCredential().text],
    [
      'one that has expired',
      'credential-expired',
      async () => {
        const createdAt = new Date(Date.now() - 100 * 86_400_000)
        return (await buildCredential(owner, { of: { storeId }, by, createdAt })).text
      },
    ],
    [
      'one that was revoked',
      'credential-revoked',
      async () => {
        const revoked = { revokedAt: new Date(), revokedBy: by.id, revokedByName: by.name }
        return (await buildCredential(owner, { of: { storeId }, by, ...revoked })).text
      },
    ],
  ]
  test.each(cases)('%s is answered %s at every address', async (_, name, as) => {
    const presented = await as()
    for (const { path } of apiRoutes) {
      const answer = await ask(path.replace('{id}', 'x'), { as: presented })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="management-api"/)
      expect(answer.headers.has('ratelimit')).toBe(false)
      expect(await problemOf(answer)).toMatchObject({ name, type: `${origin}/help/api#${name}` })
    }
  })

  test('a credential from outside of its networks reads where it came from', async () => {
    const { text: as } = await buildCredential(owner, { of: { storeId }, by, networks: ['198.51.100.0/24'] })
    const answer = await ask('/tokens', { as })
    expect(await problemOf(answer)).toMatchObject({
      ...{ name: 'address-not-allowed', status: 403 },
      detail: expect.stringContaining('You come from 192.0.2.1.'),
    })
    from = '198.51.100.9'
    expect((await ask('/tokens', { as })).status).toBe(200)
  })

  test('a credential without the scope of a route is refused, with its name', async () => {
    const { text: as } = await buildCredential(owner, { of: { storeId }, by, scopes: ['revoke'] })
    for (const { path, scope } of apiRoutes.filter(({ scope }) => scope === 'read')) {
      const answer = await ask(path.replace('{id}', 'x'), { as })
      expect(await problemOf(answer)).toMatchObject({ name: 'scope-missing', status: 403, scope })
      expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="read"')
    }
  })
})

test('a credential that is revoked between two requests is refused at the second', async () => {
  const { id, text: as } = await buildCredential(owner, { of: { storeId }, by })
  expect((await ask('/tokens', { as })).status).toBe(200)
  await owner.$client.query('update service_credentials set revoked_at = now() where id = $1', [id])
  expect(await problemOf(await ask('/tokens', { as }))).toMatchObject({ name: 'credential-revoked' })
})

test('what belongs to others is answered as what does not exist', async () => {
  const [other, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store: other, partner })
  const { id } = await buildToken(owner, { storeId: other.id, partnerId: partner.id })
  const answers = []
  for (const asked of [id, crypto.randomUUID(), 'no-id'])
    answers.push(await problemOf(await ask(`/tokens/${asked}`)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ name: 'token-not-found', status: 404 })
  for (const path of [`/tokens?search=${other.id}`, `/tokens?search=${id}`, `/access?search=${partner.id}`])
    expect(Object.values(await (await ask(path)).json())).toEqual([[], null])
})

test.each<[path: string, parameters: string[]]>([
  ['/tokens?showing=all', ['showing']],
  ['/tokens?show=all&quiet=soon', ['show', 'quiet']],
  ['/tokens?show=ended&mark=new', ['mark']],
  ['/tokens?limit=0', ['limit']],
  ['/tokens?limit=1001', ['limit']],
  ['/tokens?limit=10&limit=20', ['limit']],
  ['/tokens?found=01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10', ['found']],
  ['/access?limit=ten&search=', ['limit', 'search']],
  ['/access?show=ended', ['show']],
  ['/credential?x=1', ['x']],
])('%s is refused with the names of what is not understood', async (path, parameters) => {
  expect(await problemOf(await ask(path))).toMatchObject({
    name: 'parameters-invalid',
    status: 400,
    parameters,
  })
})

test('a cursor of other filters, of another order, of another list or of nobody is refused', async () => {
  const { next } = await listOf('/tokens?sort=expires&limit=1')
  for (const path of [
    ...[`/tokens?sort=created&after=${next}`, `/tokens?sort=expires&show=expiring&after=${next}`],
    ...[`/access?after=${next}`, '/tokens?after=made-up', `/tokens?sort=expires&after=${next?.slice(0, 9)}x`],
  ])
    expect(await problemOf(await ask(path))).toMatchObject({ name: 'cursor-invalid', status: 400 })
})

test('a secret in the address is refused, also where the gate has led on', async () => {
  for (const path of [`/tokens?search=${createTokenText()}`, `/tokens?x=${text}`, '/tokens?refused=token'])
    expect(await problemOf(await ask(path))).toMatchObject({ name: 'token-in-address', status: 400 })
})

test('every value of a parameter that the document has is understood, and what it has not is refused', async () => {
  const parameters = describeApi(origin).paths?.['/tokens']?.get?.parameters ?? []
  const query = parameters.flatMap((one) => ('in' in one && one.in === 'query' ? [one] : []))
  expect(query.length).toBeGreaterThan(10)
  for (const { name, schema } of query) {
    const {
      enum: values,
      minimum,
      maximum,
    } = schema as { enum?: string[]; minimum?: number; maximum?: number }
    const ofEnded = ['reason', 'by'].includes(name)
    for (const value of values ?? [minimum, maximum].flatMap((bound) => bound ?? [])) {
      const isEnded = ofEnded || `${value}`.replace('-', '') === 'ended'
      const show = isEnded && name !== 'show' ? 'show=ended&' : ''
      const answer = await ask(`/tokens?${show}${name}=${value}`)
      expect(answer.status, `${name}=${value}`).toBe(200)
    }
    const outside = [...(values ? ['other'] : []), ...(maximum === undefined ? [] : [maximum + 1])]
    for (const value of outside) expect((await ask(`/tokens?${name}=${value}`)).status, name).toBe(400)
  }
  const names = query.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining([...filterNames.filter((name) => name !== 'found')]))
})

test('the document is for everybody, and is sent again only where it has changed', async () => {
  const answer = await ask('/openapi.json', { as: '' })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(describeApi(origin))))
  const tag = answer.headers.get('etag') ?? ''
  expect((await ask('/openapi.json', { as: '', headers: { 'if-none-match': tag } })).status).toBe(304)
  const posted = await ask('/openapi.json', { as: '', method: 'POST', body: '{}' })
  expect(await problemOf(posted)).toMatchObject({ name: 'method-not-allowed', status: 405 })
})

test('an address that there is not, and a method that none has, are problems as well', async () => {
  for (const path of ['', '/nothing', '/tokens/', '/tokens/x/y'])
    expect(await problemOf(await ask(path))).toMatchObject({ name: 'route-not-found', status: 404 })
  const answer = await ask('/access', { method: 'POST', body: '{}' })
  expect(await problemOf(answer)).toMatchObject({ name: 'method-not-allowed', status: 405 })
  expect(answer.headers.get('allow')).toBe('GET, HEAD')
})

test('each answer says how much of the limit is left, and what is too much is refused until the window ends', async () => {
  const read = (answer: Response) =>
    /^"requests";r=(\d+);t=(\d+)$/.exec(answer.headers.get('ratelimit') ?? '')
  const first = await ask('/credential')
  expect(first.headers.get('ratelimit-policy')).toBe(`"requests";q=${requestLimit.points};w=60`)
  expect(Number(read(first)?.[1])).toBe(requestLimit.points - 1)
  // A refusal counts as well.
  expect(Number(read(await ask('/nothing'))?.[1])).toBe(requestLimit.points - 2)
  await owner.$client.query(`update rate_limit_counters set points = $1 where key like 'requests-of:%'`, [
    requestLimit.points,
  ])
  const refused = await ask('/credential')
  expect(await problemOf(refused)).toMatchObject({
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    ...{ status: 429, 'violated-policies': ['requests'] },
  })
  expect(read(refused)?.[1]).toBe('0')
  expect(refused.headers.get('retry-after')).toBe(read(refused)?.[2])
  const other = await buildCredential(owner, { of: { storeId }, by })
  expect((await ask('/credential', { as: other.text })).status).toBe(200)
})

test('one program has so many requests at once, and another one is not held up', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/tokens')))
  const names = await Promise.all(
    answers.map(async (answer) => (answer.ok ? 'answered' : (await problemOf(answer)).name)),
  )
  expect(new Set(names)).toEqual(new Set(['answered', 'too-many-at-once']))
  expect((await ask('/tokens')).status).toBe(200)
})
