import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { trustOf } from '#lib/http/client-address.ts'
import { createReliedAnswers } from '#lib/proofs/relied-answers.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { RecordedCall } from '#lib/verification/recorded-call.ts'
import { createVerifier } from '#lib/verification/verify.ts'
import { createStoreCalls } from '../store-api/store-calls.ts'
import {
  codeIn,
  envelopeOf,
  type Gateway,
  introspect,
  introspectionClient,
  knownToken,
  openGatewayWithout,
  orderQuery,
  send,
} from '../testing/gateway.ts'
import { readIntrospectionClients } from '../token-api/introspection-clients.ts'
import { readIntrospectionUsernames } from '../token-api/introspection-usernames.ts'

const good = createTokenText()
const store = 'harbor-lights'
let gateway: Gateway

const open = async (...parameters: Partial<Parameters<typeof openGatewayWithout>>) => {
  gateway = await openGatewayWithout(parameters[0] ?? new Map([[good, knownToken()]]), parameters[1])
  return gateway
}
afterEach(() => gateway.close())

const paths = [
  '/V1/order',
  '/V1/customorderstatus',
  '/V1/order/transactionlist',
  '/V1/orderlist/transactionlist',
  '/V1/batchlist',
  '/V1/CatalogQuery',
]

describe('authentication comes before every other check', () => {
  test.each([...paths, '/', '/v1/order', '/V1/order/', '/V1/orders', '/admin'])(
    'without a good token %s answers 10009, whatever else is wrong',
    async (path) => {
      await open()
      for (const token of [undefined, '', 'nonsense', createTokenText()]) {
        for (const broken of [{}, { verb: 'delete' }, { resources: undefined }, { storeId: undefined }]) {
          const answer = await send(gateway, path, { body: envelopeOf({ storeId: store, token, ...broken }) })
          expect([answer.status, codeIn(answer)]).toEqual([400, 10009])
        }
      }
      for (const body of ['', '<', '<html/>', '<!DOCTYPE a><a/>', '{}', Buffer.alloc(10)]) {
        const answer = await send(gateway, path, { body })
        expect([answer.status, codeIn(answer)]).toEqual([400, 10009])
      }
    },
  )

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('so it does for %s', async (method) => {
    await open()
    const answer = await send(gateway, '/V1/order', { method })
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
    if (method !== 'HEAD') expect(codeIn(answer)).toBe(10009)
  })
})

describe('with a good token', () => {
  const ask = async (path: string, parts: Parameters<typeof envelopeOf>[0] = {}, sent: object = {}) => {
    const body = envelopeOf({ storeId: store, token: good, ...parts })
    return codeIn(await send(gateway, path, { body, ...sent }))
  }

  test.each([
    ['a path that is not documented', '/V1/orders', {}, {}, 10002],
    ['a documented path with a slash', '/V1/order/', {}, {}, 10002],
    ['a documented path in lower case', '/v1/order', {}, {}, 10002],
    ['another method', '/V1/order', {}, { method: 'PUT' }, 10002],
    ['the host of another API', '/V1/order', {}, { headers: { Host: `${store}.catalog.example` } }, 10002],
    ['the host of another store', '/V1/order', {}, { headers: { Host: 'other.order.example' } }, 10010],
    ['no store', '/V1/order', { storeId: undefined }, {}, 10010],
    ['another store', '/V1/order', { storeId: 'other' }, {}, 10010],
    ['another store before a bad verb', '/V1/order', { storeId: 'other', verb: 'x' }, {}, 10010],
    ['no verb', '/V1/order', { verb: undefined }, {}, 10001],
    ['an unknown verb', '/V1/order', { verb: 'delete' }, {}, 10001],
    ['no resource', '/V1/order', { resources: undefined }, {}, 10003],
    ['an empty list of resources', '/V1/order', { resources: ' ' }, {}, 10003],
    ['an order that is not there', '/V1/order', {}, {}, 10004],
    ['its own host', '/V1/order', {}, { headers: { Host: 'Harbor-Lights.order.example:3001' } }, 10004],
    ['any other host', '/V1/order', {}, { headers: { Host: 'localhost' } }, 10004],
    ['a query that says nothing', '/V1/order?x=1', {}, {}, 10004],
  ])('%s: %s', async (_, path, parts, sent, code) => {
    await open()
    expect(await ask(path, parts, sent)).toBe(code)
  })

  test('the host name is that of X-Forwarded-Host where the proxy is believed, and there alone', async () => {
    const own = `${store}.order.example`
    const forwarded = (host: string, named: string) => ({
      headers: { Host: host, 'X-Forwarded-Host': named },
    })
    await open()
    expect(await ask('/V1/order', {}, forwarded(own, 'other.order.example'))).toBe(10004)
    expect(await ask('/V1/order', {}, forwarded('other.order.example', own))).toBe(10010)
    await gateway.close()
    await open(undefined, { trust: trustOf('loopback') })
    expect(await ask('/V1/order', {}, forwarded(own, 'other.order.example'))).toBe(10010)
    expect(await ask('/V1/order', {}, forwarded('other.order.example', own))).toBe(10010)
    expect(await ask('/V1/order', {}, forwarded('gateway.internal', own))).toBe(10004)
    expect(await ask('/V1/order', {}, forwarded('gateway.internal', `${store}.catalog.example`))).toBe(10002)
    expect(await ask('/V1/order', {}, forwarded(own, `${own}, other.order.example`))).toBe(10010)
  })

  test('two Host headers are refused, though one of them is right', async () => {
    await open()
    const body = envelopeOf({ storeId: store, token: good })
    const hosts = ['Host', `${store}.order.example`, 'host', 'other.order.example']
    const headers = [...hosts, 'Content-Length', String(body.length)]
    const call = request({
      host: '127.0.0.1',
      port: gateway.port,
      path: '/V1/order',
      method: 'POST',
      headers,
    })
    call.end(body)
    const [response] = await once(call, 'response')
    expect(await text(response)).toContain('<Code>10010</Code>')
    expect(JSON.parse(gateway.log())).toMatchObject({ cause: 'other-store', detail: 'host' })
  })

  test('a store with too many calls at once leaves the others theirs', async () => {
    const other = createTokenText()
    const tokens = new Map([
      [good, knownToken()],
      [other, knownToken({ storeId: 'other' })],
    ])
    const storeCalls = createStoreCalls({ atOnce: 1 })
    storeCalls.begin(store)
    await open(tokens, { storeCalls })
    expect(await ask('/V1/order')).toBe(10006)
    expect(await ask('/V1/order', { storeId: 'other', token: other })).toBe(10004)
  })

  test('a bug behind the gateway is 10500 with HTTP 500, and its cause is in the log', async () => {
    await open(undefined, { engine: { answer: () => Promise.reject(new Error('a bug')) } })
    const answer = await send(gateway, '/V1/order', { body: envelopeOf({ storeId: store, token: good }) })
    expect([answer.status, codeIn(answer)]).toEqual([500, 10500])
    expect(gateway.log()).toContain('a bug')
  })
})

test('a server that asks about a token is not taken for its caller', async () => {
  const used: RecordedCall[] = []
  await open(undefined, {
    usage: { record: (call) => used.push(call), flush: async () => {}, close: async () => 0 },
  })
  await introspect(gateway, good)
  expect(used).toMatchObject([
    { api: 'introspection', address: null, client: `introspection by ${introspectionClient.id}` },
  ])
})

describe('every answer', () => {
  test('of the XML API is XML with a RequestID, under the root that a client matches as text', async () => {
    await open()
    const answer = await send(gateway, '/V1/order', { body: envelopeOf({ storeId: store, token: good }) })
    const requestId = answer.headers['x-request-id']
    expect(answer.body).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n' +
        '<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" >' +
        `<RequestID>${requestId}</RequestID>` +
        '<ErrorResourceList><Error><Code>10004</Code><Message>Order id not found in store.</Message></Error></ErrorResourceList>' +
        '<ErrorMessages><Error><Code>10004</Code><Message>Order id not found in store.</Message></Error></ErrorMessages>' +
        '</ystorews:ystorewsResponse>\n',
    )
    expect(JSON.parse(gateway.log()).requestId).toBe(requestId)
  })

  test.each([
    ['POST', '/V1/order'],
    ['GET', '/favicon.ico'],
    ['POST', '/introspect'],
    ['GET', '/healthz'],
    ['GET', '/authorize'],
    ['POST', '/authorize/V1/order'],
    ['POST', '/revoke'],
  ])('of %s %s is not kept and not guessed at', async (method, path) => {
    await open()
    const { headers } = await send(gateway, path, { method })
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(headers['content-type']).toMatch(/^(text\/(xml|plain); charset=utf-8|application\/json)$/)
  })
})

test('no body, content type or path makes it throw, answer 5xx or accept', async () => {
  await open()
  const piece = fc.constantFrom(
    ...['<ystorewsRequest>', '</ystorewsRequest>', '<StoreID>', '</StoreID>', store, '<SecurityHeader>'],
    ...[
      '</SecurityHeader>',
      '<PartnerStoreContractToken>',
      '</PartnerStoreContractToken>',
      good.slice(0, -1),
    ],
    ...[
      '<!DOCTYPE x>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&amp;',
      '&x;',
      '<Verb>get</Verb>',
      orderQuery(1),
      '<',
      '\0',
    ],
  )
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
  )
  const contentType = fc.option(fc.stringMatching(/^[!-~]{0,40}$/), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(body, contentType, fc.constantFrom(...paths, '/x'), async (bytes, type, path) => {
      const headers = type ? { 'Content-Type': type } : {}
      const answer = await send(gateway, path, { body: bytes, headers })
      expect([answer.status, codeIn(answer)]).toEqual([400, 10009])
    }),
    { numRuns: 300 },
  )
})

test("a token's text is never in the log, wherever a caller puts it", async () => {
  const revoked = createTokenText()
  await open(
    new Map([
      [good, knownToken()],
      [revoked, knownToken({ revoked: true })],
    ]),
  )
  for (const token of [good, revoked, createTokenText()]) {
    const body = envelopeOf({ storeId: token, token, verb: token, resources: orderQuery(token) })
    await send(gateway, `/${token}`, { body })
    await send(gateway, '/V1/order', { body })
    await send(gateway, `/V1/order?token=${token}`, { body: token, headers: { Host: `${token}.order.x` } })
    await send(gateway, '/V1/order', { body: `<a>${token}`, headers: { Authorization: `Bearer ${token}` } })
    await introspect(gateway, token)
    await introspect(gateway, token, { id: token, secret: token })
    await send(gateway, `/introspect?token=${token}`, { body: `token=${token}` })
    const secret = token.slice(4)
    const bearer = { Authorization: `Bearer ${token}` }
    for (const query of ['', `?store=${secret}&api=order`, `?store=harbor-lights&api=${token}`]) {
      await send(gateway, `/authorize${query}`, { headers: { ...bearer, Host: `${secret}.order.x` } })
      await send(gateway, `/authorize/${token}${query}`, { headers: { ...bearer, 'User-Agent': token } })
    }
    const formType = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await send(gateway, `/revoke?token=${token}`, {
      headers: { ...bearer, ...formType },
      body: `token=${token}`,
    })
    expect(gateway.log().toLowerCase()).not.toContain(secret.toLowerCase())
    expect(gateway.log()).not.toContain(Buffer.from(secret).toString('base64').slice(4, -4))
  }
  expect(gateway.log().split('\n').length).toBeGreaterThan(20)
})

describe('introspection', () => {
  const form = 'application/x-www-form-urlencoded'
  const { id, secret } = introspectionClient
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  const ask = (headers: Record<string, string>, body: string, method = 'POST') =>
    send(gateway, '/introspect', { method, headers, body })

  test('a good token is active, with its store, partner, APIs and times', async () => {
    const now = () => Date.UTC(2026, 5, 1, 12, 0, 0, 999)
    await open(new Map([[good, knownToken({ apis: ['order', 'catalog'] })]]), { now })
    const answer = await introspect(gateway, good)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({
      active: true,
      scope: 'order catalog',
      client_id: 'ypa-005259400001',
      partner_id: 'ypa-005259400001',
      store_id: store,
      exp: Date.UTC(2026, 5, 1, 12, 0, 30) / 1000,
      expires_at: Date.UTC(2027, 0, 1) / 1000,
      iat: Date.UTC(2026, 0, 1) / 1000,
      jti: '0198c0de-0000-7000-8000-000000000001',
      token_type: 'Bearer',
      sub: store,
    })
  })

  test.each([
    ['0', 0],
    ['1', 1],
    ['86400', 86_400],
  ])('a client may rely on an answer for no longer than its max-age of %s s', async (maxAge, seconds) => {
    const { identify } = readIntrospectionClients(`${id}:${secret};max-age=${maxAge}`)
    await open(undefined, { identifyClient: identify, now: () => Date.UTC(2026, 5, 1) })
    const { exp } = JSON.parse((await introspect(gateway, good)).body)
    expect(exp - Date.UTC(2026, 5, 1) / 1000).toBe(seconds)
  })

  test('what is answered is noted: which client may rely on which token until when, and of no other', async () => {
    const clients = readIntrospectionClients(`${id}:${secret}`)
    const now = () => Date.UTC(2026, 5, 1)
    const relied = createReliedAnswers(clients.all, { now })
    const revoked = createTokenText()
    const tokens = new Map([
      [good, knownToken({ tokenId: 'good' })],
      [revoked, knownToken({ tokenId: 'revoked', revoked: true })],
    ])
    await open(tokens, { identifyClient: clients.identify, now, relied })
    await introspect(gateway, revoked)
    await introspect(gateway, '1.0_nonsense')
    expect(relied.find(['good', 'revoked'])).toEqual({ any: {}, tokens: {} })
    const { exp } = JSON.parse((await introspect(gateway, good)).body)
    expect(relied.find(['good', 'revoked'])).toEqual({ any: { [id]: exp }, tokens: { good: { [id]: exp } } })
    // None of them is under way any more.
    await relied.settled()
  })

  test('is answered from the first heartbeat on: until then no proof would say who keeps the answer', async () => {
    let isRegistered = false
    await open(undefined, { isRegistered: () => isRegistered })
    const answer = await introspect(gateway, good)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { error: 'temporarily_unavailable' }])
    isRegistered = true
    expect(JSON.parse((await introspect(gateway, good)).body)).toMatchObject({ active: true })
  })

  test('an introspection counts as under way from its look-up on, until it is answered', async () => {
    const relied = createReliedAnswers()
    const { promise: found, resolve: find } = Promise.withResolvers<void>()
    const lookUp = vi.fn(async () => {
      await found
      return [undefined]
    })
    await open(undefined, { verifier: createVerifier({ lookUp }), relied })
    const answer = introspect(gateway, good)
    await expect.poll(() => lookUp.mock.calls.length).toBe(1)
    const order: string[] = []
    const settled = relied.settled().then(() => order.push('settled'))
    await new Promise(setImmediate)
    order.push('found')
    find()
    await Promise.all([settled, answer])
    expect(order).toEqual(['found', 'settled'])
  })

  test('nor for longer than the token is good', async () => {
    await open(undefined, { now: () => Date.UTC(2026, 11, 31, 23, 59, 50) })
    const { exp, expires_at } = JSON.parse((await introspect(gateway, good)).body)
    expect([exp, expires_at]).toEqual([Date.UTC(2027, 0, 1) / 1000, Date.UTC(2027, 0, 1) / 1000])
  })

  test.each([
    ['store_id', store],
    ['partner_id', 'ypa-005259400001'],
  ])('a client that is to have a username gets it: %s', async (claim, username) => {
    await open(undefined, { usernames: readIntrospectionUsernames(`other:store_id, ${id}:${claim}`) })
    expect(JSON.parse((await introspect(gateway, good)).body)).toMatchObject({ active: true, username })
    await gateway.close()
    await open(undefined, { usernames: readIntrospectionUsernames('other:store_id') })
    expect(JSON.parse((await introspect(gateway, good)).body)).not.toHaveProperty('username')
  })

  test.each(['tester', 'tester:', ':store_id', 'tester:email', 'tester:store_id:x'])(
    'a setting of usernames that cannot be read is refused by its name: %s',
    (setting) => {
      expect(() => readIntrospectionUsernames(setting)).toThrow(/INTROSPECTION_USERNAMES: entry 1/)
    },
  )

  describe('the client says who it is in the form too (client_secret_post)', () => {
    const posted = (parts: Record<string, string>) =>
      new URLSearchParams({ token: good, ...parts }).toString()
    const own = { client_id: id, client_secret: secret }
    const askForm = (body: string, headers: Record<string, string> = {}) =>
      ask({ 'Content-Type': form, ...headers }, body)

    test('and is known by it', async () => {
      await open()
      for (const body of [posted(own), posted(own).replace('client_secret', 'client%5Fsecret')]) {
        const answer = await askForm(body)
        expect([answer.status, JSON.parse(answer.body).active]).toEqual([200, true])
      }
      expect(gateway.log()).not.toContain(secret)
      expect(JSON.parse(gateway.log().split('\n')[0] ?? '')).toMatchObject({ client: id })
    })

    test.each([
      ['a wrong secret', posted({ ...own, client_secret: `${secret}x` })],
      ['the id of nobody', posted({ ...own, client_id: 'x' })],
      ['no id', posted({ client_secret: secret })],
      ['no secret', posted({ client_id: id })],
    ])('not with %s: 401', async (_, body) => {
      await open()
      const answer = await askForm(body)
      expect([answer.status, answer.body]).toEqual([401, '{"error":"invalid_client"}'])
    })

    test('never in both ways at once, and in none twice: 400', async () => {
      await open()
      const basic = { Authorization: authorization }
      const answers = [
        await askForm(posted(own), basic),
        await askForm(posted(own), { Authorization: 'Basic Zm9vOmJhcg==' }),
        await askForm(`${posted(own)}&client_secret=${encodeURIComponent(secret)}`),
        await askForm(`${posted(own)}&client_id=${id}`),
      ]
      for (const answer of answers) {
        expect([answer.status, JSON.parse(answer.body).error]).toEqual([400, 'invalid_request'])
      }
      expect((await askForm(posted({ client_id: id }), basic)).status).toBe(200)
    })

    test('and not in the address or in JSON', async () => {
      await open()
      const query = `?${posted(own)}`
      const inAddress = await send(gateway, `/introspect${query}`, { headers: { 'Content-Type': form } })
      expect(inAddress.status).toBe(401)
      const inJson = JSON.stringify({ token: good, ...own })
      expect((await ask({ 'Content-Type': 'application/json' }, inJson)).status).toBe(401)
    })
  })

  test.each([
    ['revoked', knownToken({ revoked: true })],
    ['revoked', knownToken({ revoked: true, expired: true })],
    ['expired', knownToken({ expired: true })],
    ['package-without-apis', knownToken({ package: 'starter' })],
    ['package-without-apis', knownToken({ package: 'starter', apis: [] })],
    ['api-not-ticked', knownToken({ apis: [] })],
  ])('a token of ours that is not active says why: %s, and nothing else', async (reason, token) => {
    await open(new Map([[good, token]]))
    const answer = await introspect(gateway, good)
    expect([answer.status, answer.body]).toEqual([200, `{"active":false,"inactive_reason":"${reason}"}`])
  })

  test.each([createTokenText(), 'nonsense'])('of a token that nobody has nothing is said', async (token) => {
    await open()
    expect((await introspect(gateway, token)).body).toBe('{"active":false}')
  })

  test('who is not known gets 401 and hears nothing of the token', async () => {
    await open()
    for (const headers of [{}, { Authorization: 'Basic Zm9vOmJhcg==' }, { Authorization: 'Bearer x' }]) {
      const answer = await ask({ ...headers, 'Content-Type': form }, `token=${good}`)
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
      expect(JSON.parse(answer.body)).toEqual({ error: 'invalid_client' })
    }
  })

  test.each([
    ['no token', form, 'x=1', 'POST', 400],
    ['an empty token', form, 'token=', 'POST', 400],
    ['two tokens', form, 'token=a&token=b', 'POST', 400],
    ['JSON', 'application/json', '{"token":"a"}', 'POST', 415],
    ['another method', form, 'token=a', 'PUT', 405],
    ['too large a body', form, `token=${'a'.repeat(70_000)}`, 'POST', 413],
  ])('%s: %s', async (_, contentType, body, method, status) => {
    await open()
    const answer = await ask({ Authorization: authorization, 'Content-Type': contentType }, body, method)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body).error).toBe('invalid_request')
  })
})
