import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { GatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { LookUpError } from '#lib/verification/look-up-batches.ts'
import { createVerifier } from '#lib/verification/verify.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createStoreCalls } from './store-api/store-calls.ts'
import { EngineError } from './store-engine/store-engine.ts'
import {
  envelopeOf,
  type Gateway,
  introspect,
  knownToken,
  openGatewayWithout,
  send,
} from './testing/gateway.ts'

const known = knownToken({ apis: ['order'] })
const { storeId } = known
const [good, revoked] = [createTokenText(), createTokenText()]
const tokens = new Map([
  [good, known],
  [revoked, { ...known, revoked: true }],
])

let gateway: Gateway | undefined
afterEach(() => gateway?.close())

async function open(parts: Parameters<typeof openGatewayWithout>[1] = {}) {
  const metrics = createMetrics()
  const opened = await openGatewayWithout(tokens, { onAnswered: metrics.onAnswered, ...parts })
  gateway = opened
  return { metrics, gateway: opened }
}

/** The value of a series, as `name{labels}` or `name`; `undefined` where there is none. */
async function shown(metrics: Metrics, series: string): Promise<number | undefined> {
  const { text } = await metrics.read()
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

const calls = (route: string, outcome: string, cause: string) =>
  `gateway_calls_total{route="${route}",outcome="${outcome}",cause="${cause}"}`
const order = (target: Gateway, token: string | undefined, path = '/V1/order') =>
  send(target, path, { body: envelopeOf({ storeId, token }) })

test('calls are counted by address, outcome and cause, and the answers of the XML API by their code', async () => {
  const { metrics, gateway } = await open()
  await order(gateway, good)
  await order(gateway, good)
  await order(gateway, revoked)
  await order(gateway, createTokenText())
  await order(gateway, undefined)
  await order(gateway, good, '/V1/batchlist')
  await introspect(gateway, good)
  await introspect(gateway, good, { id: 'stranger', secret: 'x' })
  await send(gateway, '/authorize', {
    headers: { Authorization: `Bearer ${revoked}`, Host: `${storeId}.order.x` },
  })
  const counted = {
    [calls('/V1/order', 'accepted', 'none')]: 2,
    [calls('/V1/order', 'refused', 'revoked')]: 1,
    [calls('/V1/order', 'refused', 'unknown')]: 1,
    [calls('/V1/order', 'refused', 'missing')]: 1,
    [calls('/V1/batchlist', 'refused', 'api-not-ticked')]: 1,
    [calls('/introspect', 'accepted', 'none')]: 1,
    [calls('/introspect', 'refused', 'invalid_client')]: 1,
    [calls('/authorize', 'refused', 'revoked')]: 1,
    'gateway_api_errors_total{code="10004"}': 2,
    'gateway_api_errors_total{code="10009"}': 3,
    'gateway_api_errors_total{code="10010"}': 1,
    'gateway_call_duration_seconds_count{route="/V1/order"}': 5,
  }
  for (const [series, value] of Object.entries(counted)) {
    expect([series, await shown(metrics, series)]).toEqual([series, value])
  }
})

test.each([
  ['a database out of reach', { verifier: brokenVerifier() }, 'timed-out'],
  [
    'an engine out of reach',
    { engine: { answer: async () => Promise.reject(new EngineError('engine-unreachable')) } },
    'engine-unreachable',
  ],
  [
    'an engine that takes too long',
    { engine: { answer: async () => Promise.reject(new EngineError('engine-timed-out')) } },
    'engine-timed-out',
  ],
  ['a bug', { engine: { answer: async () => Promise.reject(new TypeError('x')) } }, 'other'],
])('%s is a failure with its cause', async (_, parts, cause) => {
  const { metrics, gateway } = await open(parts)
  await order(gateway, good)
  expect(await shown(metrics, calls('/V1/order', 'failed', cause))).toBe(1)
})

function brokenVerifier() {
  const verify = () => Promise.reject(new LookUpError('timed-out'))
  return { verify, verifyHash: verify }
}

test('a call over the limit of its store is counted by its code', async () => {
  const { metrics, gateway } = await open({ storeCalls: { begin: () => undefined, underWay: () => 1 } })
  await order(gateway, good)
  expect(await shown(metrics, 'gateway_api_errors_total{code="10006"}')).toBe(1)
})

test('what is not HTTP is counted too', async () => {
  const { metrics, gateway } = await open()
  const socket = connect(gateway.port, '127.0.0.1')
  socket.end('nonsense\r\n\r\n')
  socket.resume()
  await once(socket, 'close')
  expect(await shown(metrics, calls('none', 'refused', 'missing'))).toBe(1)
})

test('no caller can make a new series, nor write into one', async () => {
  const { metrics, gateway } = await open()
  const seriesOf = async () =>
    (await metrics.read()).text
      .split('\n')
      .filter((line) => line.startsWith('gateway_calls_total'))
      .map((line) => line.replace(/ \d+$/, ''))
  await order(gateway, good, '/x')
  await order(gateway, createTokenText(), '/x')
  const before = await seriesOf()
  for (let n = 0; n < 20; n++) {
    await order(gateway, good, `/made-up-${n}?token=${good}`)
    await order(gateway, createTokenText(), `/V2/${good}/${n}`)
  }
  expect(await seriesOf()).toEqual(before)
  const { text } = await metrics.read()
  for (const secret of [good, storeId, known.tokenId, known.partnerId, 'made-up']) {
    expect(text).not.toContain(secret)
  }
})

test('probes are no calls', async () => {
  const { metrics, gateway } = await open()
  await send(gateway, '/healthz', { method: 'GET' })
  await send(gateway, '/readyz', { method: 'GET' })
  expect((await metrics.read()).text).not.toContain('gateway_calls_total{')
})

test('durations are in seconds, from half a millisecond to a second', async () => {
  const metrics = createMetrics()
  metrics.onAnswered({ route: '/introspect', outcome: 'accepted' }, 0.4)
  metrics.onAnswered({ route: '/introspect', outcome: 'accepted' }, 3)
  metrics.onAnswered({ route: '/introspect', outcome: 'refused', cause: 'expired' }, 999)
  const bucket = (le: string) =>
    shown(metrics, `gateway_call_duration_seconds_bucket{le="${le}",route="/introspect"}`)
  expect(await Promise.all(['0.0005', '0.0025', '0.005', '0.5', '1', '+Inf'].map(bucket))).toEqual([
    1, 1, 2, 2, 3, 3,
  ])
})

test('look-ups show how many tokens share a query, which are under way, and which failed', async () => {
  const metrics = createMetrics()
  const held = Promise.withResolvers<[]>()
  const answers = [held.promise, Promise.resolve([])]
  const lookUp = metrics.measureLookUps(() => answers.shift() ?? Promise.resolve([]))
  const first = lookUp(['a', 'b', 'c'])
  await lookUp(['d'])
  expect(await shown(metrics, 'gateway_lookup_queries')).toBe(1)
  expect(await shown(metrics, 'gateway_lookup_batch_size_bucket{le="1"}')).toBe(1)
  expect(await shown(metrics, 'gateway_lookup_batch_size_sum')).toBe(4)
  held.reject(new Error('broken'))
  await expect(first).rejects.toThrow('broken')
  expect(await shown(metrics, 'gateway_lookup_queries')).toBe(0)
  expect(await shown(metrics, 'gateway_lookup_failures_total')).toBe(1)
  expect(await shown(metrics, 'gateway_lookup_duration_seconds_count')).toBe(2)
})

test('usage shows what was written, what was not, and what never will be', async () => {
  const metrics = createMetrics()
  const write = metrics.measureUsageWrites(async (batch: 'good' | 'bad') => {
    if (batch === 'bad') throw new Error('broken')
  })
  await write('good')
  await expect(write('bad')).rejects.toThrow('broken')
  metrics.onUsageDropped(7)
  metrics.onProven()
  expect(await shown(metrics, 'gateway_usage_write_duration_seconds_count')).toBe(2)
  expect(await shown(metrics, 'gateway_usage_write_failures_total')).toBe(1)
  expect(await shown(metrics, 'gateway_usage_dropped_total')).toBe(7)
  expect(await shown(metrics, 'gateway_revocation_proofs_total')).toBe(1)
})

test('the state of pools, queues and connections is that of the moment', async () => {
  const metrics = createMetrics()
  const pool = (totalCount: number, idleCount: number, waitingCount: number) =>
    ({ $client: { totalCount, idleCount, waitingCount } }) as GatewayDatabases['rest']
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.maxConnections = 1
  const storeCalls = createStoreCalls({ atOnce: 5 })
  storeCalls.begin('a')
  const { waiting } = createVerifier({ lookUp: async () => [] })
  metrics.watch({
    server,
    databases: {
      lookUps: pool(4, 3, 0),
      rest: pool(2, 0, 9),
      revocations: pool(1, 1, 0),
      bookkeeping: pool(1, 1, 0),
    },
    lookUpQueue: { waiting: () => waiting() + 12 },
    usage: { unwritten: () => 34 },
    storeCalls,
    logGuard: { state: () => ({ differs: true, size: 97 }) },
    lease: { isHeld: () => true },
    leased: { size: () => 41 },
  })
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  await once(server, 'connection')
  const dropped = once(server, 'drop')
  const second = connect(port, '127.0.0.1')
  second.on('error', () => {})
  await dropped
  const expected = {
    gateway_log_differs: 1,
    gateway_log_size: 97,
    gateway_lease_held: 1,
    gateway_leased_tokens: 41,
    'gateway_database_connections{pool="look_up",state="used"}': 1,
    'gateway_database_connections{pool="look_up",state="idle"}': 3,
    'gateway_database_waiting{pool="rest"}': 9,
    gateway_lookups_waiting: 12,
    gateway_usage_unwritten_tokens: 34,
    gateway_store_calls: 1,
    gateway_connections: 1,
    gateway_connections_refused_total: 1,
  }
  for (const [series, value] of Object.entries(expected)) {
    expect([series, await shown(metrics, series)]).toEqual([series, value])
  }
  socket.destroy()
  await expect.poll(() => shown(metrics, 'gateway_connections'), { interval: 5 }).toBe(0)
  second.destroy()
  server.close()
})

test('the process itself is measured', async () => {
  const { text } = await createMetrics().read()
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_',
  ]) {
    expect(text).toContain(name)
  }
})
