import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayMs } from '#lib/time/units.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { RecordedCall } from '#lib/verification/recorded-call.ts'
import { buildPartner, buildStore, grantAccess } from '#tools/seed/builders.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { codeIn, envelopeOf, introspect, orderQuery, send } from './testing/gateway.ts'

let gateway: DatabaseGateway
beforeAll(async () => {
  gateway = await openDatabaseGateway()
})
afterAll(() => gateway.close())

const inDays = (days: number) => new Date(Date.now() + days * dayMs)

const apis = [
  ['/V1/order', 'order'],
  ['/V1/customorderstatus', 'order'],
  ['/V1/order/transactionlist', 'payment'],
  ['/V1/orderlist/transactionlist', 'payment'],
  ['/V1/batchlist', 'payment'],
  ['/V1/CatalogQuery', 'catalog'],
] as const

const paths = apis.map(([path]) => path)

const call = (path: string, parts: Parameters<typeof envelopeOf>[0], host?: string) =>
  send(gateway, path, { body: envelopeOf(parts), ...(host && { headers: { Host: host } }) })

describe('every path', () => {
  const tokens: Record<string, string> = {}

  beforeAll(async () => {
    const revocation = { side: 'merchant' as const, by: gateway.user }
    tokens.good = (await gateway.issue()).text
    tokens.renewed = await renewedToken()
    tokens.revoked = (await gateway.issue({ revocation })).text
    tokens.expired = (await gateway.issue({ createdAt: inDays(-366), expiresAt: inDays(-1) })).text
    tokens['revoked and expired'] = (
      await gateway.issue({ createdAt: inDays(-366), expiresAt: inDays(-1), revocation })
    ).text
    tokens.unknown = createTokenText()
    tokens.malformed = `${tokens.good?.slice(0, -1)}!`
    tokens['of Starter'] = await tokenOfStarter()
    tokens['cut off'] = await cutOffToken()
  })

  /** Nobody has written it down for the token itself. */
  async function cutOffToken() {
    const partner = await buildPartner(gateway.owner)
    await grantAccess(gateway.owner, { store: { id: 'harbor-lights', name: 'Harbor Lights' }, partner })
    const { text } = await gateway.issue({ storeId: 'harbor-lights', partnerId: partner.id })
    await gateway.owner.$client.query(
      `insert into cut_offs (id, store_id, partner_id, at, side, user_id, reason)
       values (gen_random_uuid(), '', $1, now(), 'partner', $2, 'exposed')`,
      [partner.id, gateway.user.id],
    )
    return text
  }

  /** Renewed by a successor that is live: it goes on working until its own expiry (docs/domain.md, Tokens). */
  async function renewedToken() {
    const original = await gateway.issue()
    await gateway.issue({ predecessorId: original.id })
    return original.text
  }

  async function tokenOfStarter() {
    const store = await buildStore(gateway.owner, { id: 'starter-store', package: 'starter' })
    const partner = await buildPartner(gateway.owner)
    await grantAccess(gateway.owner, { store, partner })
    return (await gateway.issue({ storeId: store.id, partnerId: partner.id })).text
  }

  const table = [
    ['good', 'harbor-lights', 'let in'],
    ['renewed', 'harbor-lights', 'let in'],
    ['good', 'starter-store', 10010],
    ['good', 'no-such-store', 10010],
    ['good', 'Harbor-Lights', 10010],
    ['of Starter', 'starter-store', 10010],
    ['revoked', 'harbor-lights', 10009],
    ['cut off', 'harbor-lights', 10009],
    ['cut off', 'starter-store', 10009],
    ['expired', 'harbor-lights', 10009],
    ['revoked and expired', 'harbor-lights', 10009],
    ['revoked', 'starter-store', 10009],
    ['unknown', 'harbor-lights', 10009],
    ['malformed', 'harbor-lights', 10009],
    ['missing', 'harbor-lights', 10009],
  ] as const

  test.each(paths.flatMap((path) => table.map((row) => [path, ...row] as const)))(
    '%s with a token %s at %s: %s',
    async (path, name, storeId, expected) => {
      const answer = await call(path, { storeId, token: tokens[name] })
      const code = codeIn(answer)
      if (expected === 'let in') expect(code).toBe(path === '/V1/order' ? undefined : 10002)
      else expect([answer.status, code]).toEqual([400, expected])
    },
  )

  test('a token that was cut off is not active', async () => {
    const answer = await introspect(gateway, tokens['cut off'] ?? '')
    expect(JSON.parse(answer.body)).toEqual({ active: false, inactive_reason: 'revoked' })
  })

  test.each(
    apis.flatMap(([path, api]) =>
      (['order', 'payment', 'catalog'] as const).map((ticked) => [path, api, ticked] as const),
    ),
  )('%s belongs to the API %s: with only %s ticked', async (path, api, ticked) => {
    const store = await buildStore(gateway.owner)
    const partner = await buildPartner(gateway.owner)
    await grantAccess(gateway.owner, { store, partner, apis: [ticked] })
    const { text } = await gateway.issue({ storeId: store.id, partnerId: partner.id })
    const answer = await call(path, { storeId: store.id, token: text })
    const letIn = path === '/V1/order' ? 10004 : 10002
    expect(codeIn(answer)).toBe(api === ticked ? letIn : 10010)
  })
})

describe('orders', () => {
  test('a good token gets an order of its store, on either kind of host', async () => {
    const { text } = await gateway.issue()
    for (const host of [undefined, 'harbor-lights.order.store.example']) {
      const answer = await call('/V1/order', { storeId: ' harbor-lights ', token: ` ${text}\n` }, host)
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
      expect(answer.body).toMatch(
        /^<\?xml version="1.0" encoding="utf-8"\?>\n<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" ><RequestID>[^<]+<\/RequestID><ResponseResourceList><OrderList><Order><OrderID>1001<\/OrderID>.*<ItemList><Item>.*<\/Order><\/OrderList><\/ResponseResourceList><\/ystorews:ystorewsResponse>\n$/,
      )
    }
  })

  test.each(['999', '1004', '0', '-1', '1e3', 'abc', '99999999999999999999', '4294968297', '1001 or 1=1'])(
    'order %s is not found in the store',
    async (orderId) => {
      const { text } = await gateway.issue()
      const answer = await call('/V1/order', {
        storeId: gateway.storeId,
        token: text,
        resources: orderQuery(orderId),
      })
      expect([answer.status, codeIn(answer)]).toEqual([400, 10004])
    },
  )

  test.each([
    ['no order at all', '<OrderListQuery><QueryParams/></OrderListQuery>', 'get'],
    ['two queries', orderQuery(1001) + orderQuery(1002), 'get'],
    ['another resource', '<CustomOrderStatusListQuery/>', 'get'],
    ['an update of nothing', '<Order><OrderID>1001</OrderID></Order>', 'update'],
    ['a query that updates', orderQuery(1001), 'update'],
  ])('%s is not permitted', async (_, resources, verb) => {
    const { text } = await gateway.issue()
    const answer = await call('/V1/order', { storeId: gateway.storeId, token: text, resources, verb })
    expect(codeIn(answer)).toBe(10002)
  })
})

describe('clients in the field', () => {
  test.each([
    ['xml'],
    ['application/xml'],
    ['text/xml; charset=utf-8'],
    ['application/x-www-form-urlencoded'],
    [undefined],
  ])('the content type %s', async (contentType) => {
    const { text } = await gateway.issue()
    const body = `<?xml version='1.0' encoding='utf-8'?><ystorewsRequest><Version>1.0</Version><Verb>get</Verb>
      <ResourceList>${orderQuery(' 1001 ')}</ResourceList><SecurityHeader><PartnerStoreContractToken>
      ${text} </PartnerStoreContractToken></SecurityHeader><Version>1.0</Version><StoreID> harbor-lights </StoreID></ystorewsRequest>`
    const answer = await send(gateway, '/V1/order', {
      body,
      headers: contentType ? { 'Content-Type': contentType } : {},
    })
    expect(answer.status).toBe(200)
  })
})

describe('last used', () => {
  const lastUseOf = async (tokenId: string) => {
    await gateway.usage.flush()
    const { rows } = await gateway.owner.$client.query(
      'select last_used_at from token_usage where token_id = $1',
      [tokenId],
    )
    return rows[0]?.last_used_at as Date | undefined
  }

  test('an accepted call is noted with its time, a later one with a later time', async () => {
    const { id, text } = await gateway.issue()
    const before = new Date()
    await call('/V1/order', { storeId: gateway.storeId, token: text })
    const first = await lastUseOf(id)
    expect(first && first >= before && first <= new Date()).toBe(true)
    await call('/V1/order', { storeId: gateway.storeId, token: text })
    const second = await lastUseOf(id)
    expect(first && second && second >= first).toBe(true)
  })

  test('an active introspection is noted', async () => {
    const { id, text } = await gateway.issue()
    expect(JSON.parse((await introspect(gateway, text)).body)).toMatchObject({ active: true, jti: id })
    expect(await lastUseOf(id)).toBeInstanceOf(Date)
  })

  test('a refused call is not', async () => {
    const { id, text } = await gateway.issue()
    await call('/V1/order', { storeId: 'another', token: text })
    await gateway.revoke([id])
    await call('/V1/order', { storeId: gateway.storeId, token: text })
    await introspect(gateway, text)
    expect(await lastUseOf(id)).toBeUndefined()
  })

  test('an older moment never replaces a newer one, and a token that is not there harms nobody', async () => {
    const { id } = await gateway.issue({ lastUsedAt: inDays(1) })
    const other = await gateway.issue()
    gateway.usage.record(callWith(id, new Date()))
    gateway.usage.record(callWith('0198c0de-0000-7000-8000-00000000dead', new Date()))
    gateway.usage.record(callWith(other.id, inDays(2)))
    expect(await lastUseOf(id)).toSatisfy((at: Date) => at > inDays(0.9))
    expect(await lastUseOf(other.id)).toBeInstanceOf(Date)
  })
})

test('one line a call says who called where and what came of it', async () => {
  const { id, text } = await gateway.issue()
  const answer = await call('/V1/order', { storeId: gateway.storeId, token: text })
  await gateway.revoke([id])
  const refused = await call('/V1/order', { storeId: gateway.storeId, token: text })
  const lines = gateway
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const lineOf = (requestId: unknown) => lines.filter((line) => line.requestId === requestId)
  const common = { store: gateway.storeId, partner: gateway.partnerId, tokenId: id, route: '/V1/order' }
  expect(lineOf(answer.headers['x-request-id'])).toEqual([
    expect.objectContaining({ ...common, outcome: 'accepted', status: 200, durationMs: expect.any(Number) }),
  ])
  expect(lineOf(refused.headers['x-request-id'])).toEqual([
    expect.objectContaining({
      ...common,
      outcome: 'refused',
      cause: 'revoked',
      code: 10009,
      address: '127.0.0.1',
    }),
  ])
})

const callWith = (tokenId: string, at: Date): RecordedCall => ({
  tokenId,
  api: 'order',
  cause: null,
  address: null,
  client: null,
  at,
})
