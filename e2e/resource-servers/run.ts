import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '#db/client.ts'
import { startGatewayProcess } from '#gateway/testing/strictness/gateway-process.ts'
import { openRestartableDatabase } from '#gateway/testing/strictness/restartable-database.ts'
import { proveRefusal } from '#lib/proofs/ask.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { startSupervised } from '#tools/supervise/supervised-process.ts'
import { allExamples, client, type Example, secret } from './examples.ts'

/**
 * Runs the examples of gateway/examples before a gateway of its own, and prints a table: how long each went on accepting a token that
 * was revoked, and what it answers while the gateway is silent or gone. What is not installed is named and left out.
 * `node e2e/resource-servers/run.ts [name of an example …]`
 */

const wanted = process.argv.slice(2)
const watchedS = 45
const folder = mkdtempSync(join(tmpdir(), 'resource-servers-'))
const closing: (() => unknown)[] = []

type Answer = { status: number; seconds: number }
type Running = { example: Example; port: number; rows: string[] }

async function portOf(server: {
  listen(port: number, host: string): unknown
  address(): unknown
  close(): unknown
}) {
  server.listen(0, '127.0.0.1')
  await once(server as never, 'listening')
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** One call; a status of 0 where there was no answer. */
function ask(port: number, token: string): Promise<Answer> {
  const from = performance.now()
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, seconds: (performance.now() - from) / 1000 })
    const headers = { Authorization: `Bearer ${token}`, Host: 'harbor-lights.order.store.example' }
    const call = request({ host: '127.0.0.1', port, path: '/', headers, agent: false, timeout: 60_000 })
    call.on('response', (response) => response.resume().on('end', () => end(response.statusCode ?? 0)))
    call.on('timeout', () => call.destroy())
    call.on('error', () => end(0))
    call.end()
  })
}

async function run() {
  const examples = allExamples.filter((example) => {
    if (wanted.length > 0 && !wanted.some((name) => example.name.includes(name))) return false
    if (example.isThere()) return true
    console.log(`Left out: ${example.name}. It needs ${example.packages}.`)
    return false
  })
  const database = await openRestartableDatabase(join(folder, 'database'))
  closing.push(() => database.discard())
  const owner = connect({ url: database.ownerUrl, applicationName: 'filling', role: 'owner' })
  const web = connect({ url: database.appUrl, applicationName: 'revoking' })
  closing.push(() => Promise.all([owner.$client.end(), web.$client.end()]))
  const store = await buildStore(owner, { id: 'harbor-lights' })
  const [partner, user] = [await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user })
  const issue = async () => {
    const { text, ...hash } = mintToken()
    const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret: hash })
    return { id, text }
  }
  const gateway = await startGatewayProcess({
    name: 'gateway',
    databaseUrl: database.appUrl,
    logFile: join(folder, 'gateway.log'),
    environment: { INTROSPECTION_CLIENTS: `${client}:${secret}` },
  })
  closing.push(() => gateway.stop())

  // What a caller must not get through to it is looked at in every call.
  const seen: [name: string, value: string][] = []
  const service = createServer((call, answer) => {
    for (const [name, value] of Object.entries(call.headers)) seen.push([name, String(value)])
    answer.end('from the service')
  })
  const servicePort = await portOf(service)
  const { internal, certificate } = await openInternal(gateway.url)
  const running: Running[] = []
  for (const [n, example] of examples.entries()) {
    const own = join(folder, String(n))
    mkdirSync(own)
    const port = await freePort()
    const place = { folder: own, port, gateway: gateway.url, internal, certificate }
    const { command, args, env } = example.prepare({ ...place, service: `http://127.0.0.1:${servicePort}` })
    const log = openSync(join(own, 'output'), 'w')
    const { stop } = startSupervised(command, args, {
      cwd: own,
      env: { PATH: process.env.PATH, ...env } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log],
    })
    closing.push(stop)
    running.push({ example, port, rows: [example.name, example.version()] })
  }

  const up: Running[] = []
  for (const one of running) {
    const first = await issue()
    const answers = [await ask(one.port, first.text)]
    for (let n = 0; n < 100 && answers.at(-1)?.status !== 200; n++) {
      await pause(200)
      answers.push(await ask(one.port, first.text))
    }
    const last = answers.at(-1)?.status
    if (last === 200) up.push(one)
    else console.log(`${one.example.name} answers a good token with ${last}: ${tail(running.indexOf(one))}`)
  }

  const revoked = await Promise.all(up.map(issue))
  await Promise.all(up.map(({ port }, n) => ask(port, revoked[n]?.text ?? '')))
  const confirmedAt = performance.now()
  const actor = {
    side: 'merchant' as const,
    userId: user.id,
    userName: user.name,
    role: 'owner' as const,
    storeId: store.id,
  }
  const tokenIds = revoked.map(({ id }) => id)
  const result = await revokeTokens(
    actor,
    { tokenIds, reason: 'exposed', extent: 'chosen' },
    { db: web, address: null },
  )
  if (!result.ok) throw new Error(`The tokens were not revoked: ${result.refusal}`)
  const revokedAt = performance.now()
  const proof = await proveRefusal({ tokenIds, confirmedAt }, { db: web })
  for (const { client, until } of proof?.mayAccept ?? []) {
    const leftS = (until.getTime() - Date.now()) / 1000 + (performance.now() - revokedAt) / 1000
    console.log(`The proof: ${client} may accept them for ${leftS.toFixed(1)} s after the revocation.`)
  }
  await Promise.all(
    up.map(async ({ port, rows }, n) => {
      let acceptedS: number | undefined
      let refusal: Answer | undefined
      while (!refusal && performance.now() - revokedAt < watchedS * 1000) {
        const atS = (performance.now() - revokedAt) / 1000
        const answer = await ask(port, revoked[n]?.text ?? '')
        if (answer.status === 200) acceptedS = atS
        else refusal = answer
        await pause(100)
      }
      rows.push(refusal ? (acceptedS === undefined ? '0' : acceptedS.toFixed(1)) : `more than ${watchedS}`)
      rows.push(refusal ? String(refusal.status) : '–')
    }),
  )

  const remembered = await Promise.all(up.map(issue))
  await Promise.all(up.map(({ port }, n) => ask(port, remembered[n]?.text ?? '')))
  const fresh = await Promise.all(up.flatMap(() => [issue(), issue()]))
  const goOn = gateway.freeze()
  await Promise.all(
    up.map(async ({ port, rows }, n) => {
      const { status, seconds } = await ask(port, fresh[2 * n]?.text ?? '')
      rows.push(`${status || 'none'} after ${seconds.toFixed(1)} s`)
    }),
  )
  goOn()
  await gateway.stop()
  await Promise.all(
    up.map(async ({ port, rows }, n) => {
      const { status, seconds } = await ask(port, fresh[2 * n + 1]?.text ?? '')
      rows.push(`${status || 'none'} after ${seconds.toFixed(1)} s`)
      rows.push(String((await ask(port, remembered[n]?.text ?? '')).status || 'none'))
    }),
  )

  const texts = [...revoked, ...remembered, ...fresh].map(({ text }) => text)
  const leaking = new Set(
    seen.flatMap(([name, value]) => (texts.some((text) => value.includes(text)) ? [name] : [])),
  )
  const head = [
    'Service',
    'Version',
    'Accepted after the revocation, s',
    'Then',
    'Gateway silent',
    'Gateway gone',
    'Gateway gone, asked before',
  ]
  for (const cells of [head, head.map(() => '---'), ...up.map(({ rows }) => rows)])
    console.log(`| ${cells.join(' | ')} |`)
  if (leaking.size > 0)
    throw new Error(`The service behind an example saw tokens in ${[...leaking].join(', ')}.`)
  if (up.length < running.length) throw new Error('Not every example accepts a good token.')
}

const tail = (n: number) =>
  readFileSync(join(folder, String(n), 'output'), 'utf8')
    .split('\n')
    .slice(-5)
    .join('\n')

/** The internal server of gateway/examples/nginx/gateway.conf, without the nginx: TLS, and nothing else. */
async function openInternal(gateway: string) {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  })
  const { hostname: host, port } = new URL(gateway)
  const server = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (call, answer) => {
      const { method, url: path, headers } = call
      const passed = request({ host, port, method, path, headers, timeout: 30_000 }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers)
        got.pipe(answer)
      })
      passed.on('error', () => answer.writeHead(502).end())
      call.pipe(passed)
    },
  )
  return { internal: `https://127.0.0.1:${await portOf(server)}`, certificate }
}

try {
  await run()
} finally {
  for (const close of closing.reverse()) await Promise.resolve(close()).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
