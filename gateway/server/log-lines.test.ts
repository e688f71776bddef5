import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import {
  envelopeOf,
  type Gateway,
  introspect,
  knownToken,
  openGatewayWithout,
  send,
} from '../testing/gateway.ts'

/** What the log says of a refused call: enough to tell the caller why, and nothing that they could call with. */

const token = createTokenText()
const known = knownToken()
const { storeId, partnerId, tokenId } = known
const whose = { store: storeId, partner: partnerId, tokenId }

let gateway: Gateway
afterEach(() => gateway.close())

const open = async (changes: Partial<typeof known> | undefined, parts = {}) => {
  gateway = await openGatewayWithout(
    changes ? new Map([[token, { ...known, ...changes }]]) : new Map(),
    parts,
  )
}
const order = (presented: string | undefined = token, store = storeId, path = '/V1/order') =>
  send(gateway, path, { body: envelopeOf({ storeId: store, token: presented }) })
const authorize = (headers: Record<string, string> = { Authorization: `Bearer ${token}` }) =>
  send(gateway, '/authorize', { headers: { Host: `${storeId}.order.example`, ...headers } })
const lines = () =>
  gateway
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

type Refused = [
  what: string,
  changes: Partial<typeof known> | undefined,
  call: () => ReturnType<typeof send>,
  said: Record<string, unknown>,
]

const xml = { route: '/V1/order', status: 400 }
const refusals: Refused[] = [
  ['a missing token', {}, () => order(''), { ...xml, cause: 'missing', code: 10009 }],
  ['a malformed token', {}, () => order('1.0_x'), { ...xml, cause: 'malformed', code: 10009 }],
  ['an unknown token', undefined, order, { ...xml, cause: 'unknown', code: 10009 }],
  ['a revoked token', { revoked: true }, order, { ...xml, ...whose, cause: 'revoked', code: 10009 }],
  ['an expired token', { expired: true }, order, { ...xml, ...whose, cause: 'expired', code: 10009 }],
  [
    'a paused token',
    { pausedUntil: new Date(Date.now() + 3_600_000) },
    order,
    { ...xml, ...whose, cause: 'paused', code: 10009 },
  ],
  ['another store', {}, () => order(token, 'x'), { ...xml, ...whose, cause: 'other-store', code: 10010 }],
  ['an API not ticked', { apis: [] }, order, { ...xml, ...whose, cause: 'api-not-ticked', code: 10010 }],
  [
    'a package without APIs',
    { package: 'starter' },
    order,
    { ...xml, ...whose, cause: 'package-without-apis', code: 10010 },
  ],
  [
    'an unknown address',
    {},
    () => order(token, storeId, `/V1/${token}`),
    { ...xml, ...whose, route: 'other', detail: 'path', code: 10002 },
  ],
  [
    'what is no XML',
    {},
    () => send(gateway, '/V1/order', { body: `<${token}` }),
    { ...xml, cause: 'missing', detail: expect.any(String) },
  ],
  [
    'too much',
    {},
    () => send(gateway, '/V1/order', { body: 'x'.repeat(70_000) }),
    { ...xml, cause: 'missing', detail: 'too-large' },
  ],
  [
    'a stranger who introspects',
    {},
    () => introspect(gateway, token, { id: 'x', secret: 'y' }),
    { route: '/introspect', status: 401, detail: 'invalid_client' },
  ],
  [
    'a token that is introspected and inactive',
    { revoked: true },
    () => introspect(gateway, token),
    { route: '/introspect', status: 200, cause: 'revoked', client: 'tester', ...whose },
  ],
  ['no bearer', {}, () => authorize({}), { route: '/authorize', status: 401, cause: 'missing' }],
  [
    'a bearer that is expired',
    { expired: true },
    authorize,
    { route: '/authorize', status: 401, cause: 'expired', ...whose },
  ],
  [
    'a bearer for another API',
    { apis: ['payment'] },
    authorize,
    { route: '/authorize', status: 403, cause: 'api-not-ticked', ...whose },
  ],
  [
    'a revocation of what is revoked',
    { revoked: true },
    () =>
      send(gateway, '/revoke', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `token=${token}`,
      }),
    { route: '/revoke', status: 200, cause: 'revoked', ...whose },
  ],
]

describe('the line of a refused call says why, whose, from where and how long:', () => {
  test.each(refusals)('%s', async (_, changes, call, said) => {
    await open(changes)
    const answer = await call()
    await expect.poll(gateway.log, { interval: 1 }).toContain('"msg":"call"')
    const [line, ...more] = lines()
    expect(more).toEqual([])
    expect(line).toMatchObject({
      ...said,
      outcome: 'refused',
      requestId: answer.headers['x-request-id'],
      address: '127.0.0.1',
      durationMs: expect.any(Number),
      level: 30,
      msg: 'call',
    })
    if (!('tokenId' in said)) for (const name of Object.keys(whose)) expect(line).not.toHaveProperty(name)
    expect(gateway.log()).not.toContain(token)
    expect(gateway.log()).not.toContain(token.slice(4, 40))
  })

  test('what is not HTTP', async () => {
    await open({})
    const socket = connect(gateway.port, '127.0.0.1')
    socket.end(`GET /${token} HTTP/9.9\r\nX: ${token}\r\n\r\n`)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    await once(socket, 'close')
    const [line] = lines()
    expect(answer).toContain(line.requestId)
    expect(line).toMatchObject({
      ...{ route: 'none', outcome: 'refused', cause: 'missing', status: 400, code: 10009 },
      ...{ detail: expect.stringMatching(/^HPE_/), address: '127.0.0.1', durationMs: expect.any(Number) },
    })
    expect(gateway.log()).not.toContain(token)
  })
})

test('behind a proxy that is believed, the address is the caller’s', async () => {
  await open({ revoked: true }, { trust: (address: string) => address === '127.0.0.1' })
  await send(gateway, '/V1/order', {
    body: envelopeOf({ storeId, token }),
    headers: { 'X-Forwarded-For': '192.0.2.7' },
  })
  expect(lines()[0]).toMatchObject({ address: '192.0.2.7', cause: 'revoked' })
})

test('a failure is a line of its own level, with the cause and without the token', async () => {
  await open(
    {},
    { engine: { answer: () => Promise.reject(new Error('broken', { cause: new Error('deep') })) } },
  )
  await order()
  expect(lines()[0]).toMatchObject({ level: 50, outcome: 'failed', code: 10500, status: 500, ...whose })
  expect(gateway.log()).toContain('deep')
  expect(gateway.log()).not.toContain(token)
})
