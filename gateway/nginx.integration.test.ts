import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { trustOf } from '#lib/http/client-address.ts'
import { dayMs } from '#lib/time/units.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { type Answer, send } from './testing/gateway.ts'
import { findNginx, type Nginx, startNginx } from './testing/nginx.ts'
import { openWire, type Wire } from './testing/wire.ts'

const program = findNginx()
if (!program) console.warn('Skipped: there is no nginx in PATH or /usr/sbin.')
const documented = readFileSync(new URL('examples/nginx/store-apis.conf', import.meta.url), 'utf8')

describe.skipIf(!program)('the documented nginx', () => {
  let wire: Wire
  let gateway: DatabaseGateway
  let service: Server
  let proxy: Nginx
  let seen: IncomingHttpHeaders[] = []

  beforeAll(async () => {
    wire = await openWire()
    gateway = await openDatabaseGateway({ through: wire.through, trust: trustOf('127.0.0.1') })
    service = createServer((request, response) => {
      seen.push(request.headers)
      response.statusCode = request.url === '/fails' ? 500 : 200
      request.resume().on('end', () => response.end('from the service'))
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    const servicePort = (service.address() as AddressInfo).port
    proxy = await startNginx(program as string, (port) =>
      replaceOnce(documented, {
        'server 127.0.0.1:3001;': `server 127.0.0.1:${gateway.port};`,
        'server 127.0.0.1:8080;': `server 127.0.0.1:${servicePort};`,
        'listen 80;': `listen 127.0.0.1:${port};`,
      }),
    )
    // nginx waits for two seconds, as documented: the first connections to a database take a busy machine longer.
    const { text } = await gateway.issue()
    const isOpen = async () => expect((await call(text)).status).toBe(200)
    await vi.waitFor(isOpen, { timeout: 40_000, interval: 20 })
  })
  beforeEach(() => {
    seen = []
  })
  afterAll(async () => {
    await proxy?.close()
    service?.close()
    await gateway?.close()
    await wire?.close()
  })

  const call = (
    token: string | undefined,
    {
      path = '/V1/order',
      method = 'POST',
      api = 'order',
      ...more
    }: Parameters<typeof send>[2] & {
      path?: string
      api?: string
    } = {},
  ): Promise<Answer> =>
    send(proxy, path, {
      method,
      body: '<any/>',
      ...more,
      headers: {
        Host: `harbor-lights.${api}.store.example`,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...more.headers,
      },
    })

  test('lets a good token through, and its service sees who calls but never the token', async () => {
    const { id, text } = await gateway.issue()
    const answer = await call(text, {
      headers: {
        'X-Store-Id': 'other',
        'X-Partner-Id': 'other',
        'X-Token-Id': 'other',
        'X-Apis': 'other',
        'X-Request-Id': 'other',
      },
    })
    expect([answer.status, answer.body]).toEqual([200, 'from the service'])
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      'x-store-id': gateway.storeId,
      'x-partner-id': gateway.partnerId,
      'x-token-id': id,
      'x-apis': 'order payment catalog',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(JSON.stringify(seen)).not.toContain(text.slice(4))
    expect(seen[0]).not.toHaveProperty('authorization')
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('asks about %s as well', async (method) => {
    const { text } = await gateway.issue()
    expect((await call(text, { method, body: '' })).status).toBe(200)
    expect((await call(undefined, { method, body: '' })).status).toBe(401)
    expect(seen).toHaveLength(1)
  })

  test('refuses a token from its revocation on, and passes on why', async () => {
    const { id, text } = await gateway.issue()
    expect((await call(text)).status).toBe(200)
    await gateway.revoke([id])
    const answer = await call(text)
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="store", error="invalid_token", error_description="The token was revoked."',
    ])
    expect(seen).toHaveLength(1)
  })

  test('refuses the rest with a challenge, and the service hears nothing of it', async () => {
    const expired = await gateway.issue({
      createdAt: new Date(Date.now() - 9 * dayMs),
      expiresAt: new Date(Date.now() - dayMs),
    })
    const { text } = await gateway.issue()
    const otherStore = { headers: { Host: 'other.order.store.example' } }
    const refusals = [
      [await call(undefined), 401, 'Bearer realm="store"'],
      [await call('nonsense'), 401, 'Bearer realm="store", error="invalid_token"'],
      [await call(expired.text), 401, expect.stringContaining('has expired')],
      [await call(text, otherStore), 403, expect.stringContaining('insufficient_scope')],
    ] as const
    for (const [answer, status, challenge] of refusals) {
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([status, challenge])
    }
    expect(seen).toEqual([])
  })

  test('asks for the API of the host name, whatever the caller says beside it', async () => {
    const { text } = await gateway.issue()
    const { owner, storeId } = gateway
    await owner.$client.query(`update partner_access set apis = '{catalog}' where store_id = $1`, [storeId])
    const sly = {
      path: '/V1/order?store=harbor-lights&api=catalog',
      headers: { 'X-Forwarded-Host': 'harbor-lights.catalog.store.example' },
    }
    expect((await call(text, sly)).status).toBe(403)
    expect((await call(text, { api: 'catalog' })).status).toBe(200)
    await owner.$client.query(
      `update partner_access set apis = '{order,payment,catalog}' where store_id = $1`,
      [storeId],
    )
  })

  test('does not let a caller ask the gateway themselves', async () => {
    const { text } = await gateway.issue()
    expect((await call(text, { path: '/authorize?store=harbor-lights&api=order' })).status).toBe(404)
    expect(seen).toEqual([])
  })

  test('has the gateway note the address and the client of the caller', async () => {
    const { id, text } = await gateway.issue()
    const headers = { 'User-Agent': 'Sync 2.1', 'X-Forwarded-For': '203.0.113.9' }
    await call(text, { from: '127.0.0.2', headers })
    await gateway.usage.flush()
    const { rows } = await gateway.owner.$client.query(
      'select last_api, last_address, last_client from token_usage where token_id = $1',
      [id],
    )
    expect(rows).toEqual([{ last_api: 'order', last_address: '127.0.0.2', last_client: 'Sync 2.1' }])
  })

  test('leaves the service its own errors', async () => {
    const { text } = await gateway.issue()
    const answer = await call(text, { path: '/fails' })
    expect([answer.status, answer.body]).toEqual([500, 'from the service'])
  })

  test('answers 503 while the database is away, and accepts again afterwards', async () => {
    const { text } = await gateway.issue()
    await wire.cut()
    const answer = await call(text)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(seen).toEqual([])
    await wire.mend()
    const status = async () => (await call(text)).status
    await expect.poll(status, { timeout: 20_000, interval: 20 }).toBe(200)
  })
})

/** The ports are the test's own; all else is as documented. */
function replaceOnce(text: string, replacements: Record<string, string>): string {
  return Object.entries(replacements).reduce((replaced, [from, to]) => {
    expect(replaced.split(from)).toHaveLength(2)
    return replaced.replace(from, to)
  }, text)
}
