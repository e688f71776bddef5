import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { type Engine, openEngine } from './testing/engine.ts'
import { envelopeOf, introspect, introspectionClient, send } from './testing/gateway.ts'
import { openWire, type Wire } from './testing/wire.ts'

/** The process itself, as talkative as it can be, is called in every way with tokens; then all that it left is read. */

let gateway: DatabaseGateway
let engine: Engine
let wire: Wire
const running = new Set<ChildProcess>()

beforeAll(async () => {
  gateway = await openDatabaseGateway()
  wire = await openWire()
  engine = await openEngine((request, response) => {
    request.resume()
    // Some of what engines do wrong: what was sent comes back in the answer, or there is none.
    if (request.headers['x-fail'] === 'cut') request.socket.destroy()
    else if (request.headers['x-fail'] === 'garble') request.socket.end(`nonsense ${request.url}\r\n\r\n`)
    else response.end('<done/>')
  })
})
afterAll(async () => {
  await engine.close()
  await wire.close()
  await gateway.close()
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

async function start(environment: Record<string, string>) {
  const port = await freePort()
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    env: bareEnvironment({
      DATABASE_URL: wire.through(gateway.testDatabase.appUrl),
      GATEWAY_PORT: `${port}`,
      INTROSPECTION_CLIENTS: `${introspectionClient.id}:${introspectionClient.secret}`,
      LOG_LEVEL: 'trace',
      ...environment,
    }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  const ended = Promise.all([once(child, 'exit'), once(child.stdout as never, 'close')])
  await once(child, 'message')
  return {
    port,
    output: () => output,
    async stop() {
      child.kill('SIGTERM')
      await ended
      running.delete(child)
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Whatever is sent, the gateway answers or hangs up. */
async function sendRaw(port: number, text: string) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.end(text, 'latin1')
  await once(socket, 'close')
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const percents = (text: string) =>
  [...text].map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')
const references = (text: string) => [...text].map((one) => `&#${one.charCodeAt(0)};`).join('')

/** A caller's ways to say a token, and to say it in the wrong place. */
async function callInEveryWay(port: number, token: string) {
  const target = { port }
  const { storeId } = gateway
  const envelope = envelopeOf({ storeId, token })
  const basic = Buffer.from(`${token}:${token}`).toString('base64')
  const everywhere = {
    'User-Agent': `sync/1.0 ${token} ${basic} ${percents(token)}`,
    Authorization: `Bearer ${token}`,
    Cookie: `token=${token}`,
    Referer: `https://x/?token=${token}`,
    'X-Forwarded-For': token,
    'X-Forwarded-Host': `${token}.order.x`,
    'X-Forwarded-Proto': token,
    'X-Request-Id': token,
    'X-Token': token,
  }
  const xml: [string, Parameters<typeof send>[2]][] = [
    ['/V1/order', { body: envelope }],
    ['/V1/order', { body: envelope, headers: everywhere }],
    ['/V1/order', { body: envelope, headers: { ...everywhere, 'X-Fail': 'cut' } }],
    ['/V1/order', { body: envelope, headers: { 'X-Fail': 'cut' } }],
    ['/V1/order', { body: envelope, headers: { 'X-Fail': 'garble' } }],
    ['/V1/order', { body: envelope, headers: { 'User-Agent': `sync/1.0 (${token})` } }],
    ['/V1/order', { body: envelope, headers: { 'User-Agent': token.slice(4) } }],
    ['/V1/order', { body: envelope, headers: { 'User-Agent': `x Basic ${basic}` } }],
    ['/V1/order', { body: envelope, headers: { 'User-Agent': percents(token) } }],
    ['/V1/order', { body: envelope, headers: { 'Content-Type': `text/xml; charset=${token}` } }],
    ['/V1/order', { body: envelope, headers: { 'Content-Type': token } }],
    ['/V1/order', { body: envelope, headers: { Host: `${token}.order.store.example` } }],
    ['/V1/order', { body: envelope, headers: { Expect: token } }],
    [`/V1/order?token=${token}`, { body: envelope }],
    [`/V1/order?${percents(token)}`, { body: envelope }],
    [`/V1/${token}`, { body: envelope }],
    [`/${percents(token)}`, { body: envelope }],
    ['/V1/order', { body: envelope, method: 'PUT' }],
    ['/V1/order', { body: envelope.replace(token, ` \n${token}\t`) }],
    ['/V1/order', { body: envelope.replace(token, references(token)) }],
    ['/V1/order', { body: envelope.replace(token, `<![CDATA[${token}]]>`) }],
    [
      '/V1/order',
      {
        body: envelope.replace(
          token,
          `${token}</PartnerStoreContractToken><PartnerStoreContractToken>${token}`,
        ),
      },
    ],
    ['/V1/order', { body: envelope.replace(storeId, token) }],
    ['/V1/order', { body: envelope.replace('<Verb>get', `<Verb>${token}`) }],
    ['/V1/order', { body: envelope.replace('1001', token) }],
    ['/V1/order', { body: envelope.replace('<OrderListQuery>', `<OrderListQuery x="${token}">`) }],
    ['/V1/order', { body: envelope.replaceAll('ResourceList', token) }],
    ['/V1/order', { body: envelope.slice(0, -40) }],
    ['/V1/order', { body: `<!DOCTYPE x [<!ENTITY t "${token}">]>${envelope}` }],
    ['/V1/order', { body: `<?xml version="1.0" encoding="${token}"?>${envelope}` }],
    ['/V1/order', { body: Buffer.from(`\ufeff${envelope}`, 'utf16le') }],
    ['/V1/order', { body: token }],
    ['/V1/order', { body: `${envelope}${' '.repeat(70_000)}` }],
    ['/V1/batchlist', { body: envelope }],
  ]
  const programs: [string, Parameters<typeof send>[2]][] = [
    ['/introspect', { headers: { ...form, Authorization: `Basic ${basic}` }, body: `token=${token}` }],
    ['/introspect', { headers: form, body: `token=${token}` }],
    [`/introspect?token=${token}`, { method: 'GET', headers: everywhere }],
    [
      '/introspect',
      { headers: { ...form, ...everywhere }, body: `token=${percents(token)}&token_type_hint=${token}` },
    ],
    ['/authorize', { headers: { ...everywhere, Host: `${storeId}.order.x` } }],
    [`/authorize?store=${storeId}&api=order`, { headers: everywhere }],
    [`/authorize?store=${token}&api=${token}`, { headers: everywhere }],
    [`/authorize/${token}`, { headers: { ...everywhere, Host: `${token}.order.x` } }],
    ['/authorize', { headers: { Authorization: `Bearer ${token} ${token}`, Host: `${storeId}.order.x` } }],
    ['/authorize', { headers: { Authorization: `Basic ${basic}`, Host: `${storeId}.order.x` } }],
    ['/revoke', { headers: form, body: `token=${token}&token=${token}` }],
    ['/revoke', { headers: { ...everywhere, 'Content-Type': token }, body: `token=${token}` }],
    ['/healthz', { method: 'GET', headers: everywhere }],
    ['/readyz', { method: 'GET', headers: everywhere }],
  ]
  // An engine or a parser that hangs up is an answer as well.
  for (const [path, sent] of [...xml, ...programs]) await send(target, path, sent).catch(() => {})
  await introspect(target, token)
  await introspect(target, `${token}x`)
  for (const text of [
    `GET /${token} HTTP/9.9\r\n\r\n`,
    `${token}\r\n\r\n`,
    `POST /V1/order HTTP/1.1\r\nHost: x\r\n${token}\r\n\r\n`,
    `POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: ${token}\r\n\r\n`,
    `POST /V1/order HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${token}\r\n`,
    `POST /V1/order HTTP/1.1\r\nHost: x\r\nX: ${token.repeat(400)}\r\n\r\n`,
    `POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n${envelope}`,
    `CONNECT ${token}:443 HTTP/1.1\r\nHost: ${token}\r\n\r\n`,
  ]) {
    await sendRaw(port, text)
  }
}

/** Of each token the last client is kept: each way of writing has a token of its own. */
const clients = [
  (token: string) => `sync/1.0 (${token})`,
  (token: string) => `sync/1.0 (${token.slice(4)})`,
  (token: string) => `sync/1.0 ${percents(token)}`,
  (token: string) => `sync/1.0 Basic ${Buffer.from(`${token}:`).toString('base64')}`,
  (token: string) => `sync/1.0 ${'1234 '.repeat(34)} ${token}`,
]

const revokeByItself = (port: number, token: string) =>
  send({ port }, '/revoke', {
    headers: { ...form, 'User-Agent': `sync/1.0 ${token}` },
    body: `token=${token}`,
  })

/** Every row of every table, as text. */
async function everyRow(): Promise<string> {
  const client = gateway.owner.$client
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`)
    texts.push(...rows.map(({ row }) => row))
  }
  return texts.join('\n')
}

/** What of a token may stand nowhere: itself, its secret, and both as other programs write them. */
function formsOf(token: string): string[] {
  const secret = token.slice(4)
  const inBase64 = ['', 'x', 'xx'].flatMap((before) =>
    // The ends depend on the neighbours.
    (['base64', 'base64url'] as const).map((encoding) =>
      Buffer.from(before + token)
        .toString(encoding)
        .slice(4, -6),
    ),
  )
  const hex = Buffer.from(token).toString('hex')
  return [
    token,
    secret,
    secret.slice(0, 24),
    secret.slice(-24),
    percents(secret),
    references(secret),
    hex,
    ...inBase64,
  ]
}

test('no text of a token is in the log of a process or in its database', async () => {
  const gateways = [
    await start({ STORE_ENGINE_URL: engine.url }),
    await start({ METRICS_PORT: `${await freePort()}` }),
  ]
  const live = await gateway.issue()
  const [revoked, expired, ending] = [
    await gateway.issue(),
    await gateway.issue({ expiresAt: new Date(Date.now() - 60_000) }),
    await gateway.issue(),
  ]
  await gateway.revoke([revoked.id])
  const unknown = createTokenText()
  const malformed = `${unknown.slice(0, -1)}${unknown.endsWith('A') ? 'B' : 'A'}`
  const tokens = [live.text, revoked.text, expired.text, ending.text, unknown, malformed]

  for (const { port } of gateways) {
    for (const token of [live.text, revoked.text, expired.text, unknown, malformed]) {
      await callInEveryWay(port, token)
    }
    await revokeByItself(port, ending.text)
  }
  const named: string[] = []
  for (const clientOf of clients) {
    for (const state of ['live', 'revoked'] as const) {
      const { id, text } = await gateway.issue()
      named.push(text)
      if (state === 'revoked') await gateway.revoke([id])
      await send({ port: gateways[1]?.port ?? 0 }, '/V1/order', {
        body: envelopeOf({ storeId: gateway.storeId, token: text }),
        headers: { 'User-Agent': clientOf(text) },
      })
    }
  }
  await wire.cut()
  for (const { port } of gateways) {
    await callInEveryWay(port, live.text)
    await revokeByItself(port, live.text)
  }
  await wire.mend()
  for (const { port } of gateways) {
    const isReady = async () => (await send({ port }, '/readyz', { method: 'GET' })).status
    await expect.poll(isReady, { timeout: 30_000 }).toBe(200)
  }
  await Promise.all(gateways.map(({ stop }) => stop()))

  const kept = [...gateways.map(({ output }) => output()), await everyRow()]
  const [forwarding, builtIn, rows] = kept as [string, string, string]
  // All of it was really said and written.
  for (const log of [forwarding, builtIn]) {
    for (const word of [
      '"accepted"',
      '"revoked"',
      '"expired"',
      '"unknown"',
      '"malformed"',
      'HPE_',
      '"failed"',
      '503',
    ]) {
      expect(log).toContain(word)
    }
  }
  expect(forwarding).toContain('engine-broke-off')
  expect(forwarding).toContain('engine-garbled')
  // And of the one that ended its token at both endpoints, the second time an attempt with a revoked one.
  expect(rows.match(/"last_client": "sync\/1\.0 [^"]*…[^"]*"/g)).toHaveLength(2 * clients.length + 1)
  for (const word of ['token.revoked', revoked.id, ending.id]) expect(rows).toContain(word)

  const found = [...tokens, ...named].flatMap((token, n) =>
    formsOf(token).flatMap((form, m) =>
      kept.flatMap((text, place) => (text.includes(form) ? [{ n, m, place }] : [])),
    ),
  )
  expect(found).toEqual([])
}, 240_000)
