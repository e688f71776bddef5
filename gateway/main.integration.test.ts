import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect as connectTo } from '#db/client.ts'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import { askForProof } from '#db/queries/verification/refusal-proofs.ts'
import { appendToLog } from '#lib/receipts/append.ts'
import { createLogCopy } from '#lib/receipts/copy.ts'
import { testSigners } from '#lib/receipts/model/test-signer.ts'
import { replayCopy } from '#lib/receipts/replay.ts'
import { goBackTo } from '#tools/test-databases/older-log.ts'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { openEngine } from './testing/engine.ts'
import { codeIn, envelopeOf, introspect, send } from './testing/gateway.ts'

/** The process itself: `gateway/main.ts`, as `npm start` and the demo run it, but for the patience of its look-ups. */

let world: DatabaseGateway
let port: number
const running = new Set<ChildProcess>()
const blockers = new Set<Server>()

beforeAll(async () => {
  world = await openDatabaseGateway()
})
afterAll(() => world.close())
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  for (const server of blockers) server.close()
  running.clear()
  blockers.clear()
})

type Running = { child: ChildProcess; output: () => string; exitCode: Promise<number | null> }

function start(environment: Record<string, string> = {}): Running {
  const patience = new URL('testing/patient-look-ups.ts', import.meta.url).href
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', patience, main], {
    // All that it is given, nothing of the test run's own.
    env: bareEnvironment({
      DATABASE_URL: world.testDatabase.appUrl,
      GATEWAY_PORT: String(port),
      INTROSPECTION_CLIENTS: 'tester:a secret of tests',
      ...environment,
    }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  running.add(child)
  let output = ''
  const streams = [child.stdout as Readable, child.stderr as Readable]
  for (const stream of streams) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  // Not the child's 'close': that never comes once the channel was closed from here.
  const ended = [once(child, 'exit'), ...streams.map((stream) => once(stream, 'close'))]
  const exitCode = Promise.all(ended).then(() => {
    running.delete(child)
    return child.exitCode
  })
  return { child, output: () => output, exitCode }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}

async function startListening(environment?: Record<string, string>): Promise<Running> {
  port = await freePort()
  const gateway = start(environment)
  const listening = once(gateway.child, 'message').then(([message]) => message)
  const ended = gateway.exitCode.then(() => gateway.output())
  expect(await Promise.race([listening, ended])).toEqual({ listening: `http://127.0.0.1:${port}` })
  return gateway
}

const callOrder = (body: string) => send({ port }, '/V1/order', { body })

/** A call whose body the caller has not finished yet: under way at the gateway. */
function halfACall(token: string) {
  const body = envelopeOf({ storeId: world.storeId, token })
  const sent = request({
    ...{ host: '127.0.0.1', port, path: '/V1/order', method: 'POST', agent: false },
    headers: { 'Content-Length': body.length, Expect: '100-continue', Connection: 'keep-alive' },
  })
  sent.flushHeaders()
  const answer = new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }),
      )
    })
  })
  return { underWay: once(sent, 'continue'), finish: () => sent.end(body), answer }
}

async function answered(sent: ClientRequest) {
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
}

const isRefused = () =>
  send({ port }, '/healthz', { method: 'GET' }).then(
    () => false,
    (error) => error.code === 'ECONNREFUSED',
  )

describe('a stop', () => {
  test.each([
    ['SIGTERM', { GATEWAY_NAME: 'gateway in the cellar' }, (): string => 'gateway in the cellar'],
    ['SIGINT', {}, (): string => `${hostname()}:${port}`],
    ['disconnect', {}, (): string => `${hostname()}:${port}`],
  ] as const)(
    'by %s, registered with %j, takes no new call, finishes the one under way, writes the last use, takes its registration back, and ends with 0',
    async (way, environment, name) => {
      const names = async () => {
        const { rows } = await world.owner.$client.query<{ name: string }>(
          'select name from gateway_processes',
        )
        return rows.map((row) => row.name)
      }
      await world.owner.$client.query('delete from gateway_processes')
      const gateway = await startListening(environment)
      await expect.poll(names, { timeout: 20_000, interval: 20 }).toEqual([name()])
      // Nothing happens on it any more: nobody waits for it.
      const idle = new Agent({ keepAlive: true })
      await answered(request({ host: '127.0.0.1', port, path: '/healthz', agent: idle }).end())
      const { id, text } = await world.issue()
      const call = halfACall(text)
      await call.underWay
      if (way === 'disconnect') gateway.child.disconnect()
      else gateway.child.kill(way)
      await expect.poll(isRefused, { timeout: 20_000, interval: 20 }).toBe(true)
      call.finish()
      expect(await call.answer).toEqual({ status: 200, connection: 'close' })
      expect(await gateway.exitCode).toBe(0)
      idle.destroy()
      const { rows } = await world.owner.$client.query('select from token_usage where token_id = $1', [id])
      expect(rows).toHaveLength(1)
      expect(await names()).toEqual([])
      expect(gateway.output()).not.toContain(text)
    },
  )
})

describe('a stop in full work', () => {
  const statusOf = (at: { port: number }, path: string) =>
    send(at, path, { method: 'GET' }).then(
      ({ status }) => status,
      (error) => error.code as string,
    )

  test('with a delay takes calls until it is over, and says to probes that it will go', async () => {
    const metrics = { port: await freePort() }
    const gateway = await startListening({ SHUTDOWN_DELAY_MS: '4000', METRICS_PORT: `${metrics.port}` })
    const { text } = await world.issue()
    await expect.poll(() => statusOf({ port }, '/readyz')).toBe(200)
    gateway.child.kill('SIGTERM')
    await expect.poll(() => statusOf({ port }, '/readyz'), { interval: 10 }).toBe(503)
    expect(await statusOf(metrics, '/readyz')).toBe(503)
    expect(await statusOf({ port }, '/healthz')).toBe(200)
    const body = envelopeOf({ storeId: world.storeId, token: text })
    expect((await callOrder(body)).status).toBe(200)
    expect(await gateway.exitCode).toBe(0)
  })

  test('while it starts is a stop', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    blockers.add(silent)
    await once(silent, 'listening')
    const url = new URL(world.testDatabase.appUrl)
    url.port = String((silent.address() as AddressInfo).port)
    port = await freePort()
    const asked = once(silent, 'connection')
    const gateway = start({ DATABASE_URL: url.href })
    const [socket] = await asked
    gateway.child.kill('SIGTERM')
    await expect.poll(gateway.output, { timeout: 20_000 }).toContain('the gateway stops (SIGTERM)')
    socket.destroy()
    expect(await gateway.exitCode).toBe(0)
    expect(gateway.output()).not.toContain('listens')
  })
})

describe('what operators see', () => {
  const get = (at: number, path: string) => send({ port: at }, path, { method: 'GET' })

  test('is on a port of its own: metrics of the calls, the look-ups, the pools, the process and the proofs', async () => {
    const metricsPort = await freePort()
    const gateway = await startListening({ METRICS_PORT: `${metricsPort}` })
    const { id, text } = await world.issue()
    const body = envelopeOf({ storeId: world.storeId, token: text })
    await callOrder(body)
    await callOrder(body.replace(text, ''))
    const { body: metrics, headers } = await get(metricsPort, '/metrics')
    expect(headers['content-type']).toContain('version=0.0.4')
    for (const line of [
      'gateway_calls_total{route="/V1/order",outcome="accepted",cause="none"} 1',
      'gateway_calls_total{route="/V1/order",outcome="refused",cause="missing"} 1',
      'gateway_lookup_failures_total 0',
      'gateway_usage_dropped_total 0',
      'gateway_revocation_proofs_total 0',
      'gateway_database_waiting{pool="look_up"} 0',
    ]) {
      expect(metrics.split('\n')).toContain(line)
    }
    expect(metrics).toMatch(/^gateway_lookup_batch_size_count [1-9]/m)
    expect(metrics).toMatch(/^gateway_database_connections\{pool="look_up",state="idle"\} [1-4]$/m)
    expect(metrics).toMatch(/^process_cpu_seconds_total /m)
    for (const secret of [id, text, world.storeId, world.partnerId]) expect(metrics).not.toContain(secret)
    expect((await get(metricsPort, '/healthz')).status).toBe(200)
    await expect.poll(async () => (await get(metricsPort, '/readyz')).status).toBe(200)
    // Not at the gateway, where callers are.
    expect((await get(port, '/metrics')).body).not.toContain('gateway_')

    await world.revoke([id])
    await askForProof(world.owner, { id: randomUUID(), tokenIds: [id] })
    await expect
      .poll(async () => (await get(metricsPort, '/metrics')).body, { timeout: 20_000 })
      .toContain('gateway_revocation_proofs_total 1\n')
    expect(gateway.output()).not.toContain('could not register or prove')
  })

  test('on a port that is taken ends the start with a clear message', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    blockers.add(blocker)
    await once(blocker, 'listening')
    const taken = (blocker.address() as AddressInfo).port
    port = await freePort()
    const gateway = start({ METRICS_PORT: `${taken}` })
    expect(await gateway.exitCode).toBe(1)
    expect(gateway.output().split('\n')).toContain(
      `The metrics of the gateway cannot listen on 127.0.0.1:${taken}: another program does. Set METRICS_PORT to a free port.`,
    )
    expect(gateway.output()).not.toMatch(/\n {4}at /)
  })
})

test('on a database without the checkpoint that it was given accepts nothing and says why, until what is missing was put back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-log-'))
  const db = connectTo({ url: world.testDatabase.appUrl, applicationName: 'test' })
  const copy = createLogCopy(join(folder, 'copy.jsonl'))
  const settle = async () => {
    while ((await appendToLog({ db, signers: testSigners, copy })) > 0);
  }
  const live = await world.issue()
  await world.revoke([(await world.issue()).id])
  await settle()
  const { rows } = await world.owner.$client.query(
    'select clock_timestamp() as since, (select max(size) from log_checkpoints)::int as size',
  )
  await world.revoke([(await world.issue()).id])
  await settle()
  const checkpoint = (await findNewestCheckpoint(db))?.note ?? ''
  await goBackTo(world.owner, rows[0])

  const metrics = { port: await freePort() }
  const file = join(folder, 'checkpoint')
  const gateway = await startListening({
    METRICS_PORT: `${metrics.port}`,
    CHECKPOINT: checkpoint,
    CHECKPOINT_FILE: file,
  })
  const body = envelopeOf({ storeId: world.storeId, token: live.text })
  const get = (at: { port: number }, path: string) => send(at, path, { method: 'GET' })
  expect(await callOrder(body)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  expect((await introspect({ port }, live.text)).status).toBe(503)
  expect((await get({ port }, '/readyz')).status).toBe(503)
  const said = /log of revocations has \d+ entries, and a checkpoint has \d+: .*npm run db:replay/
  expect(await get(metrics, '/readyz')).toMatchObject({ status: 503, body: expect.stringMatching(said) })
  expect((await get(metrics, '/metrics')).body).toContain('\ngateway_log_differs 1\n')
  await expect.poll(gateway.output).toMatch(said)

  expect(await replayCopy(join(folder, 'copy.jsonl'), { db })).toMatchObject({
    ok: true,
    value: { entries: 1 },
  })
  await expect.poll(async () => (await callOrder(body)).status, { timeout: 20_000 }).toBe(200)
  await expect.poll(async () => (await get(metrics, '/readyz')).status, { timeout: 20_000 }).toBe(200)
  expect((await get(metrics, '/metrics')).body).toContain('\ngateway_log_differs 0\n')
  await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 20_000 }).toBe(checkpoint)
  gateway.child.kill('SIGTERM')
  expect(await gateway.exitCode).toBe(0)
  await db.$client.end()
  await rm(folder, { recursive: true })
})

describe('a start', () => {
  test.each([
    ['another schema', 'alter table token_usage rename to other_usage', 'npm run db:migrate'],
    [
      'an unsafe record',
      'grant delete on audit_events to partner_tokens_app',
      'could change the audit record',
    ],
  ])('on a database of %s ends with a message that says what to do', async (_, change, message) => {
    const { testDatabase, owner, ...other } = await openDatabaseGateway()
    try {
      await owner.$client.query(change)
      port = await freePort()
      const gateway = start({ DATABASE_URL: testDatabase.appUrl })
      expect(await gateway.exitCode).toBe(1)
      expect(gateway.output()).toContain(message)
      expect(gateway.output()).not.toMatch(/\n {4}at /)
    } finally {
      await other.close()
    }
  })

  test('takes its limits from the environment', async () => {
    await startListening({ GATEWAY_BODY_BYTES: '100000', GATEWAY_CONNECTIONS: '1' })
    const { text } = await world.issue()
    const body = envelopeOf({ storeId: world.storeId, token: text })
    expect((await callOrder(body + ' '.repeat(90_000))).status).toBe(200)
    const first = connect(port, '127.0.0.1')
    await once(first, 'connect')
    const second = connect(port, '127.0.0.1').on('error', () => {})
    await once(second, 'close')
    expect(first.destroyed).toBe(false)
    first.destroy()
  })

  test('says until when an answer may be relied on by the clock of the database, whatever its own clock says, and in proofs who may', async () => {
    const anHourAhead = 'const real = Date.now; Date.now = () => real() + 3_600_000'
    await startListening({
      INTROSPECTION_CLIENTS: 'tester:a secret of tests;max-age=600',
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import "data:text/javascript,${encodeURIComponent(anHourAhead)}"`,
    })
    const { id, text } = await world.issue()
    const relyingS = async () => {
      const { exp } = JSON.parse((await introspect({ port }, text)).body)
      return exp === undefined ? undefined : exp - Date.now() / 1000
    }
    // Until its first heartbeat it knows no other clock.
    await expect.poll(relyingS).toBeLessThanOrEqual(600)
    expect(await relyingS()).toBeGreaterThan(540)
    const proofId = randomUUID()
    await askForProof(world.owner, { id: proofId, tokenIds: [id] })
    const reliedUntil = async () => {
      const { rows } = await world.owner.$client.query(
        'select relied_until from refusal_proof_answers where proof_id = $1',
        [proofId],
      )
      return rows[0]?.relied_until
    }
    const ends = { tester: expect.any(Number) }
    await expect.poll(reliedUntil, { timeout: 20_000 }).toEqual({ any: ends, tokens: { [id]: ends } })
  })

  test('serves the XML API and introspection, says where in its log, and there also what it could not write, without naming a token', async () => {
    const gateway = await startListening()
    const { id, text } = await world.issue()
    expect((await callOrder(envelopeOf({ storeId: world.storeId, token: text }))).status).toBe(200)
    await expect.poll(async () => JSON.parse((await introspect({ port }, text)).body).active).toBe(true)
    await expect.poll(gateway.output).toContain('\n')
    const [first] = gateway.output().split('\n')
    expect(JSON.parse(first ?? '')).toMatchObject({ url: `http://127.0.0.1:${port}` })
    // Metrics are nowhere unless they are asked for.
    const readiness = async () => (await send({ port }, '/readyz', { method: 'GET' })).body
    await expect.poll(readiness).toBe('{"status":"ready"}')
    expect(gateway.output()).not.toContain('metrics')

    await world.owner.$client.query('revoke insert on token_usage from partner_tokens_app')
    try {
      const other = await world.issue()
      await callOrder(envelopeOf({ storeId: world.storeId, token: other.text }))
      await expect
        .poll(gateway.output, { timeout: 20_000 })
        .toContain('permission denied for table token_usage')
      const lines = gateway.output().split('\n')
      const failure = lines.find((line) => line.includes('permission denied')) ?? ''
      for (const named of [id, text, other.id, other.text]) expect(failure).not.toContain(named)
      expect(JSON.parse(failure).err).not.toHaveProperty('params')
      expect(failure.length).toBeLessThan(2_048)
    } finally {
      await world.owner.$client.query('grant insert on token_usage to partner_tokens_app')
    }
  })

  test('with the address of a store engine hands accepted calls to it, and at a stop lets them end', async () => {
    const { promise: finish, resolve: letFinish } = Promise.withResolvers<void>()
    const engine = await openEngine(async (_, response) => {
      response.write('first')
      await finish
      response.end(' last')
    })
    const gateway = await startListening({
      STORE_ENGINE_URL: engine.url,
      STORE_ENGINE_SECRET: 'a secret that gateway and engine share',
      STORE_CALLS_AT_ONCE: '1',
    })
    const { text } = await world.issue()
    const body = envelopeOf({ storeId: world.storeId, token: text })
    const streamed = callOrder(body)
    await expect.poll(() => engine.received().toString(), { timeout: 20_000 }).toContain('X-Call-Signature')
    expect(codeIn(await callOrder(body))).toBe(10006)
    gateway.child.kill('SIGTERM')
    await expect.poll(isRefused, { timeout: 20_000, interval: 20 }).toBe(true)
    letFinish()
    expect(await streamed).toMatchObject({ status: 200, body: 'first last' })
    expect(await gateway.exitCode).toBe(0)
    expect(engine.received().toString()).not.toContain(text)
    await engine.close()
  })

  test('on a port that is taken ends with a clear message', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    blockers.add(blocker)
    await once(blocker, 'listening')
    port = (blocker.address() as AddressInfo).port
    const gateway = start()
    expect(await gateway.exitCode).toBe(1)
    expect(gateway.output().split('\n')).toContain(
      `The gateway cannot listen on 127.0.0.1:${port}: another program does. Set GATEWAY_PORT to a free port.`,
    )
    expect(gateway.output()).not.toMatch(/\n {4}at /)
    const { rows } = await world.owner.$client.query('select from gateway_processes where address like $1', [
      `%:${port}`,
    ])
    expect(rows).toEqual([])
  })

  test('registers before it listens: from its first answer on it is in every proof', async () => {
    await startListening({ GATEWAY_ADDRESS: 'http://gateway-1.internal:80' })
    const { rows } = await world.owner.$client.query(
      'select name, address from gateway_processes where name = $1',
      [`${hostname()}:${port}`],
    )
    expect(rows).toEqual([{ name: `${hostname()}:${port}`, address: 'http://gateway-1.internal:80' }])
  })

  test.each([
    { DATABASE_URL: 'mysql://x', LOG_LEVEL: 'verbose' },
    { INTROSPECTION_CLIENTS: 'no-secret' },
    { CHECKPOINT: 'tests.example/log 5' },
  ])('with %j ends with a message that names each', async (wrong) => {
    port = 1
    const gateway = start(wrong)
    expect(await gateway.exitCode).toBe(1)
    for (const name of Object.keys(wrong)) expect(gateway.output()).toContain(name)
    expect(gateway.output()).not.toMatch(/\n {4}at /)
  })

  test('without a database stands, and refuses until there is one', async () => {
    const gone = new URL(world.testDatabase.appUrl)
    gone.port = String(await freePort())
    await startListening({ DATABASE_URL: gone.href })
    const { text } = await world.issue()
    const answer = await callOrder(envelopeOf({ storeId: world.storeId, token: text }))
    expect([answer.status, codeIn(answer)]).toEqual([503, 10500])
    expect((await send({ port }, '/healthz', { method: 'GET' })).status).toBe(200)
    expect((await send({ port }, '/readyz', { method: 'GET' })).status).toBe(503)
  })
})
