import { request } from 'node:http'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { trustOf } from '#lib/http/client-address.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { RecordedCall } from '#lib/verification/recorded-call.ts'
import { type Answer, type Gateway, knownToken, openGatewayWithout, send } from '../testing/gateway.ts'

const good = createTokenText()
const orderHost = 'harbor-lights.order.store.example'
let gateway: Gateway
let used: RecordedCall[]

const open = async (trustedProxies = '') => {
  gateway = await openGatewayWithout(new Map([[good, knownToken({ apis: ['order'] })]]), {
    usage: { record: (call) => used.push(call), flush: async () => {}, close: async () => 0 },
    trust: trustOf(trustedProxies),
  })
}
beforeEach(() => {
  used = []
})
afterEach(() => gateway.close())

const bearer = { Authorization: `Bearer ${good}` }
const statusOf = async (path: string, headers: Record<string, string>) =>
  (await send(gateway, path, { headers: { ...bearer, ...headers } })).status

describe('which store and API', () => {
  test('the parameters of the proxy’s configuration say it, or the host name', async () => {
    await open()
    expect(await statusOf('/authorize?store=harbor-lights&api=order', {})).toBe(200)
    expect(await statusOf('/authorize?store=harbor-lights&api=catalog', {})).toBe(403)
    expect(await statusOf('/authorize?store=other&api=order', {})).toBe(403)
    expect(await statusOf('/authorize', { Host: orderHost })).toBe(200)
    expect(await statusOf('/authorize', { Host: 'harbor-lights.catalog.store.example' })).toBe(403)
    expect(await statusOf('/authorize', { Host: 'other.order.store.example' })).toBe(403)
  })

  test('X-Forwarded-Host says it where the proxy is believed, and there alone', async () => {
    const forwarded = { Host: 'gateway.internal', 'X-Forwarded-Host': orderHost }
    const contradicted = { Host: 'other.order.store.example', 'X-Forwarded-Host': orderHost }
    await open()
    expect(await statusOf('/authorize', forwarded)).toBe(403)
    await gateway.close()
    await open('loopback')
    expect(await statusOf('/authorize', forwarded)).toBe(200)
    expect(await statusOf('/authorize', contradicted)).toBe(403)
    const twice = { Host: orderHost, 'X-Forwarded-Host': `${orderHost}, ${orderHost}` }
    expect(await statusOf('/authorize', twice)).toBe(403)
    expect(await statusOf('/authorize', { Host: orderHost, 'X-Forwarded-Host': '' })).toBe(403)
  })

  test.each([
    ['/authorize', 'neither by /authorize?store='],
    ['/authorize?store=harbor-lights', 'neither by /authorize?store='],
    ['/authorize?store=harbor-lights&store=harbor-lights&api=order', 'more than one store or API'],
  ])('where %s does not say it no token is accepted, and the log says what to mend', async (path, words) => {
    await open()
    const answer = await send(gateway, path, { headers: bearer })
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      403,
      'Bearer realm="store", error="invalid_request", error_description="The store or the API of the call is not known."',
    ])
    expect(JSON.parse(gateway.log())).toMatchObject({
      level: 30,
      route: '/authorize',
      outcome: 'refused',
      detail: expect.stringContaining(words),
    })
    expect(used).toEqual([])
  })
})

test('two credentials are refused, though one of them is good', async () => {
  await open()
  const answer = await sendRaw([
    'Host',
    orderHost,
    'Authorization',
    'Bearer x',
    'Authorization',
    `Bearer ${good}`,
  ])
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([
    401,
    'Bearer realm="store", error="invalid_request"',
  ])
})

test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND'])(
  'any method may be asked about: %s',
  async (method) => {
    await open()
    const headers = { ...bearer, Host: orderHost }
    expect((await send(gateway, '/authorize', { method, headers })).status).toBe(200)
    expect((await send(gateway, '/authorize', { method, headers: { Host: orderHost } })).status).toBe(401)
  },
)

test('a body is not looked at, nor is one that is too large', async () => {
  await open()
  const headers = { ...bearer, Host: orderHost }
  for (const body of [`token=${createTokenText()}`, 'a'.repeat(70_000)]) {
    expect((await send(gateway, '/authorize', { headers, body })).status).toBe(200)
  }
})

describe('as Envoy asks (ext_authz over HTTP, path_prefix /authorize)', () => {
  /** What its HTTP service sends: the caller's method, host, path and credentials, and no body. */
  const ask = (path: string, host: string, method = 'POST') =>
    sendRaw(
      [
        ...['Host', host, 'Authorization', bearer.Authorization, 'Content-Length', '0'],
        ...['X-Request-Id', '0c1ae2d9-8d0d-4a0e-a2c5-5f0d3c3b1f10', 'X-Envoy-Internal', 'true'],
        ...['X-Forwarded-For', '203.0.113.9', 'X-Envoy-Expected-Rq-Timeout-Ms', '500'],
      ],
      { path: `/authorize${path}`, method },
    )

  test.each([
    ['/V1/order', 'POST', 200],
    ['/', 'GET', 200],
    ['/V1/order?x=1', 'DELETE', 200],
    ['/a/b%20c//../d?token=x', 'PUT', 200],
  ])('%s is answered by the host name, for %s', async (path, method, status) => {
    await open('loopback')
    const answer = await ask(path, orderHost, method)
    expect([answer.status, answer.headers['x-store-id']]).toEqual([status, 'harbor-lights'])
    expect(used).toMatchObject([{ api: 'order', cause: null, address: '203.0.113.9' }])
  })

  test('the caller’s own address chooses no store', async () => {
    await open()
    const path = '/V1/order?store=harbor-lights&api=order'
    expect((await ask(path, 'other.order.store.example')).status).toBe(403)
    expect((await ask(path, 'api.store.example')).status).toBe(403)
    expect((await ask('?store=harbor-lights&api=order', 'other.order.store.example')).status).toBe(403)
  })

  test('an address that only begins like it is one of the XML API', async () => {
    await open()
    const answer = await send(gateway, '/authorized', { headers: { ...bearer, Host: orderHost } })
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'text/xml; charset=utf-8'])
  })
})

test('without the token no header and no address makes it throw, answer 5xx or accept', async () => {
  await open('loopback')
  const printable = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/)
  const credentials = fc.oneof(
    printable,
    fc.constantFrom('Bearer', 'bearer x', `Bearer ${good.slice(0, -1)}`, `Bearer ${good} x`, `Basic ${good}`),
  )
  const host = fc.oneof(printable, fc.constantFrom(orderHost, 'other.order.x'))
  const path = fc.oneof(
    fc.stringMatching(/^[!-"$-~]{0,40}$/),
    fc.constantFrom('?store=harbor-lights&api=order', '?store=%', '?store=a&api=%00', '/?%', '/%2e%2e/x'),
  )
  await fc.assert(
    fc.asyncProperty(path, host, host, credentials, async (rest, named, forwarded, authorization) => {
      const headers = ['Host', named, 'X-Forwarded-Host', forwarded, 'Authorization', authorization]
      const answer = await sendRaw(headers, { path: `/authorize${/^[?/]/.test(rest) ? rest : `?${rest}`}` })
      expect([401, 403]).toContain(answer.status)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="store"/)
    }),
    { numRuns: 300 },
  )
})

/** With headers as they are given, also twice. */
function sendRaw(headers: string[], { path = '/authorize', method = 'POST' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: gateway.port, path, method, headers, agent: false })
    call.on('error', reject)
    call.on('response', (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
      })
    })
    call.end()
  })
}
