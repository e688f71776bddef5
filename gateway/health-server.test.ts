import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { createHealthServer } from '#lib/process/health-server.ts'
import { createMetrics } from './metrics.ts'
import { openGatewayWithout, send } from './testing/gateway.ts'

const log = { error: vi.fn() }
let server: ReturnType<typeof createHealthServer> | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  vi.clearAllMocks()
})

async function open(parts: Partial<Parameters<typeof createHealthServer>[0]> = {}) {
  const opened = createHealthServer({ metrics: createMetrics(), isReady: async () => true, log, ...parts })
  server = opened
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  return { port: (opened.address() as AddressInfo).port }
}
const get = (gateway: { port: number }, path: string) => send(gateway, path, { method: 'GET' })

test('the metrics are in the text format of Prometheus', async () => {
  const answer = await get(await open(), '/metrics')
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(answer.body).toMatch(/^# HELP process_cpu_user_seconds_total/)
})

test('a process lives while it is not ready', async () => {
  const gateway = await open({ isReady: async () => false })
  expect((await get(gateway, '/healthz')).status).toBe(200)
  expect(await get(gateway, '/readyz?x=1')).toMatchObject({ status: 503, body: 'not ready\n' })
})

test('operators read why it is not ready', async () => {
  const gateway = await open({ isReady: async () => false, obstacle: () => 'the database is away' })
  expect(await get(gateway, '/readyz')).toMatchObject({
    status: 503,
    body: 'not ready: the database is away\n',
  })
})

test('a process that is ready says so', async () => {
  expect(await get(await open(), '/readyz')).toMatchObject({ status: 200, body: 'ready\n' })
})

test('nothing else is there, and nothing is taken', async () => {
  const gateway = await open()
  expect((await get(gateway, '/V1/order')).status).toBe(404)
  expect(await send(gateway, '/metrics', { body: 'x' })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  })
  expect(await send(gateway, '/metrics', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
})

test('a failure is answered and logged', async () => {
  const failing = { read: () => Promise.reject(new Error('broken')) }
  expect((await get(await open({ metrics: failing }), '/metrics')).status).toBe(500)
  expect(log.error).toHaveBeenCalledOnce()
})

test('callers’ load balancers ask the gateway itself, which says no more than yes or no', async () => {
  const answers = [true, false]
  const gateway = await openGatewayWithout(new Map(), { isReady: async () => answers.shift() ?? false })
  try {
    expect(await get(gateway, '/readyz')).toMatchObject({ status: 200, body: '{"status":"ready"}' })
    expect(await get(gateway, '/readyz')).toMatchObject({ status: 503, body: '{"status":"not ready"}' })
    expect(await get(gateway, '/healthz')).toMatchObject({ status: 200, body: '{"status":"alive"}' })
    expect(gateway.log()).toBe('')
  } finally {
    await gateway.close()
  }
})
