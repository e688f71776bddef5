import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustOf } from '#lib/http/client-address.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import {
  codeIn,
  envelopeOf,
  type Gateway,
  introspectionClient,
  knownToken,
  openGatewayWithout,
  send,
} from './testing/gateway.ts'
import { findNginx, findProgram, type Nginx, startNginx } from './testing/nginx.ts'

const program = findNginx()
if (!program) console.warn('Skipped: there is no nginx in PATH or /usr/sbin.')
const token = createTokenText()
const { storeId } = knownToken()
const body = envelopeOf({ storeId, token })

describe.skipIf(!program)('behind the documented nginx, but for its certificate,', () => {
  let gateway: Gateway
  let proxy: Nginx

  beforeAll(async () => {
    const tokens = new Map([[token, knownToken()]])
    // As the configuration asks for it.
    gateway = await openGatewayWithout(tokens, { trust: trustOf('127.0.0.1') })
    proxy = await startNginx(program as string, (port) => documentedFor({ port, gatewayPort: gateway.port }))
  })
  afterAll(async () => {
    await proxy?.close()
    await gateway?.close()
  })

  type Sent = Parameters<typeof send>[2] & { path?: string }
  const ownHost = `${storeId}.order.store.example`
  const call = (sent: Parameters<typeof send>[2] = {}, host = ownHost, path = '/V1/order') =>
    send(proxy, path, { body, ...sent, headers: { Host: host, ...sent.headers } })
  const lastLine = () => JSON.parse(gateway.log().trim().split('\n').at(-1) as string)

  test('a call is answered, and the host name that the caller used is checked', async () => {
    expect(codeIn(await call())).toBe(10004)
    expect(codeIn(await call({}, 'other.order.store.example'))).toBe(10010)
    expect(lastLine()).toMatchObject({ cause: 'other-store' })
  })

  test('no caller chooses the address that is noted', async () => {
    await call({
      headers: { 'X-Forwarded-For': '203.0.113.66', 'X-Forwarded-Host': 'x', Forwarded: 'for=x' },
    })
    expect(lastLine().address).toBe('127.0.0.1')
  })

  test.each([
    ['a body over the limit', { body: body + ' '.repeat(70_000) }, 400],
    ['headers over the limit', { headers: { X: 'x'.repeat(8_200), Y: 'x'.repeat(8_200) } }, 431],
  ])('%s is refused by the gateway, in XML', async (_, sent, status) => {
    const answer = await call(sent)
    expect([answer.status, codeIn(answer)]).toEqual([status, 10009])
  })

  test('the probes of load balancers are not for callers', async () => {
    for (const path of ['/readyz', '/healthz']) {
      expect(
        (await send(proxy, path, { method: 'GET', headers: { Host: 'api.store.example' } })).status,
      ).toBe(404)
    }
  })

  test.each([
    ['/introspect', 404],
    ['/introspect?x=1', 404],
    ['/authorize', 404],
    ['/authorize?store=harbor-lights&api=order', 404],
    ['/authorize/', 404],
    ['/authorize/V1/order', 404],
    ['/authorize/../V1/order', 404],
    ['/V1/../authorize/%2e%2e/order', 400],
    ['http://api.store.example/authorize', 404],
    ['/authorized', 400],
    ['/refused-by-nginx', 404],
    ['/revoke', 200],
  ])('what is for proxies and services of the store is not for callers: %s', async (path, status) => {
    const asked = gateway.log()
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    }
    expect((await call({ body: `token=${token}`, headers }, undefined, path)).status).toBe(status)
    const logged = gateway.log().slice(asked.length)
    if (status === 404) expect(logged).toBe('')
    expect(logged).not.toContain('"route":"/authorize"')
  })

  test.each([
    ['a body', { body: ' '.repeat(1_100_000) }, 400],
    ['a header', { headers: { X: 'x'.repeat(17_000) } }, 431],
    [
      'headers',
      { headers: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`X${n}`, 'x'.repeat(15_000)])) },
      431,
    ],
    ['an address', { path: `/V1/order?${'x'.repeat(17_000)}` }, 431],
    ['a Host', { headers: { Host: 'a b' } }, 400],
  ])(
    '%s that nginx itself does not take is refused in XML too',
    async (_, { path, ...sent }: Sent, status) => {
      const answer = await call(sent, undefined, path)
      expect([answer.status, codeIn(answer)]).toEqual([status, 10009])
      expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
      expect(answer.body).toContain('<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" >')
    },
  )

  test('without a gateway the answer is XML all the same', async () => {
    await gateway.close()
    const answer = await call()
    expect([answer.status, codeIn(answer), answer.headers['retry-after']]).toEqual([503, 10500, '1'])
    expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
    expect(answer.body).toContain('<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" >')
  })
})

const openssl = findProgram('openssl')
if (!openssl) console.warn('Skipped: there is no openssl in PATH.')

describe.skipIf(!program || !openssl)('behind the documented internal server, with TLS,', () => {
  let gateway: Gateway
  let proxy: Nginx
  let folder: string
  let ca: Buffer

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'certificate-'))
    const names = 'subjectAltName=DNS:introspect.store.internal,IP:127.0.0.1'
    execFileSync(
      openssl as string,
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
        ],
        ...['-subj', '/CN=introspect.store.internal', '-addext', names],
        ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
      ],
      { stdio: 'ignore' },
    )
    ca = readFileSync(join(folder, 'cert.pem'))
    gateway = await openGatewayWithout(new Map([[token, knownToken()]]), { trust: trustOf('127.0.0.1') })
    proxy = await startNginx(program as string, (port) =>
      internalFor({ port, gatewayPort: gateway.port, folder }),
    )
  })
  afterAll(async () => {
    await proxy?.close()
    await gateway?.close()
    rmSync(folder, { recursive: true })
  })

  const ask = async (path: string, sent: { method?: string; body?: string } = {}) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const call = request({
      ...{ host: '127.0.0.1', port: proxy.port, servername: 'introspect.store.internal' },
      ...{ ca, path, method: 'POST', headers, agent: false, ...sent },
    })
    call.end(sent.body)
    const [response] = await once(call, 'response')
    return { status: response.statusCode, body: await text(response) }
  }

  test('a service of the store asks whether a token is good', async () => {
    const { id, secret } = introspectionClient
    const body = new URLSearchParams({ token, client_id: id, client_secret: secret }).toString()
    const answer = await ask('/introspect', { body })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ active: true, token_type: 'Bearer', sub: storeId })
    expect((await ask('/introspect', { body: `token=${token}` })).status).toBe(401)
    expect(JSON.parse(gateway.log().trim().split('\n').at(-1) as string)).toMatchObject({
      route: '/introspect',
      address: '127.0.0.1',
    })
  })

  test.each(['/V1/order', '/revoke', '/authorize', '/introspect/', '/healthz'])(
    'nothing else is there: %s',
    async (path) => {
      expect((await ask(path, { body: `token=${token}` })).status).toBe(404)
    },
  )
})

/** As documented, but for the ports, and for the certificates, which are made here. */
function internalFor({
  port,
  gatewayPort,
  folder,
}: {
  port: number
  gatewayPort: number
  folder: string
}): string {
  return documented()
    .replace('server 127.0.0.1:3001 ', `server 127.0.0.1:${gatewayPort} `)
    .replace(/server \{\n {4}listen 443[\s\S]*?\n\}\n/, '')
    .replace('listen 127.0.0.1:8443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace('/etc/ssl/store.internal.pem', join(folder, 'cert.pem'))
    .replace('/etc/ssl/private/store.internal.key', join(folder, 'key.pem'))
}

/** Without TLS, which needs a certificate of somebody; all else is as documented. */
function documentedFor({ port, gatewayPort }: { port: number; gatewayPort: number }): string {
  return documented()
    .replace(/\n# For your own services, [\s\S]*$/, '')
    .replace('server 127.0.0.1:3001 ', `server 127.0.0.1:${gatewayPort} `)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/^ *ssl_.*$/gm, '')
}

function documented(): string {
  return readFileSync(new URL('examples/nginx/gateway.conf', import.meta.url), 'utf8')
}
