import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DatabaseDoor, openDatabaseDoor } from '#e2e/gateway/database-door.ts'
import { codeIn, envelopeOf, introspect, send } from '#e2e/gateway/door.ts'

/** The process itself: `gateway/main.ts`, as `npm start` and the demo run it. */

let door: DatabaseDoor
let port: number
const running = new Set<ChildProcess>()
const blockers = new Set<Server>()

beforeAll(async () => {
  door = await openDatabaseDoor()
})
afterAll(() => door.close())
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  for (const server of blockers) server.close()
  running.clear()
  blockers.clear()
})

type Running = { child: ChildProcess; output: () => string; exitCode: Promise<number | null> }

function start(environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    // All that it is given, nothing of the test run's own.
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: door.testDatabase.appUrl,
      GATEWAY_PORT: String(port),
      INTROSPECTION_CLIENTS: 'tester:a secret of tests',
      ...environment,
    } as unknown as NodeJS.ProcessEnv,
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

/** A call whose body the caller has not finished yet: under way at the door. */
function halfACall(token: string) {
  const body = envelopeOf({ storeId: door.storeId, token })
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

const isRefused = () =>
  send({ port }, '/healthz', { method: 'GET' }).then(
    () => false,
    (error) => error.code === 'ECONNREFUSED',
  )

describe('a stop', () => {
  test.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)(
    'by %s takes no new call, finishes the one under way, writes the last use, and ends with 0',
    async (way) => {
      const gateway = await startListening()
      const { id, text } = await door.issue()
      const call = halfACall(text)
      await call.underWay
      if (way === 'disconnect') gateway.child.disconnect()
      else gateway.child.kill(way)
      await expect.poll(isRefused, { timeout: 20_000, interval: 20 }).toBe(true)
      call.finish()
      expect(await call.answer).toEqual({ status: 200, connection: 'close' })
      expect(await gateway.exitCode).toBe(0)
      const { rows } = await door.owner.$client.query('select from token_usage where token_id = $1', [id])
      expect(rows).toHaveLength(1)
      expect(gateway.output()).not.toContain(text)
    },
  )

  test('that is asked for twice is one stop', async () => {
    const gateway = await startListening()
    const { text } = await door.issue()
    const call = halfACall(text)
    await call.underWay
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) gateway.child.kill(signal)
    await expect.poll(isRefused, { timeout: 20_000, interval: 20 }).toBe(true)
    call.finish()
    expect((await call.answer).status).toBe(200)
    expect(await gateway.exitCode).toBe(0)
  })

  test('does not wait for connections on which nothing happens', async () => {
    const gateway = await startListening()
    const idle = request({ host: '127.0.0.1', port, path: '/healthz', headers: { Connection: 'keep-alive' } })
    idle.end()
    const [response] = await once(idle, 'response')
    response.resume()
    await once(response, 'end')
    gateway.child.kill('SIGTERM')
    expect(await gateway.exitCode).toBe(0)
  })
})

describe('a start', () => {
  test('serves both doors, and says where in its log', async () => {
    const gateway = await startListening()
    const { text } = await door.issue()
    expect(
      (await send({ port }, '/V1/order', { body: envelopeOf({ storeId: door.storeId, token: text }) }))
        .status,
    ).toBe(200)
    expect(JSON.parse((await introspect({ port }, text)).body).active).toBe(true)
    const [first] = gateway.output().split('\n')
    expect(JSON.parse(first ?? '')).toMatchObject({ url: `http://127.0.0.1:${port}` })
  })

  test('on a port that is taken ends with a clear message', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    blockers.add(blocker)
    await once(blocker, 'listening')
    port = (blocker.address() as AddressInfo).port
    const gateway = start()
    expect(await gateway.exitCode).toBe(1)
    expect(gateway.output()).toBe(
      `The API door cannot listen on 127.0.0.1:${port}: another program does. Set GATEWAY_PORT to a free port.\n`,
    )
  })

  test.each([
    ['DATABASE_URL', 'mysql://x'],
    ['INTROSPECTION_CLIENTS', 'no-secret'],
    ['LOG_LEVEL', 'verbose'],
  ])('with a wrong %s ends with a message that names it', async (name, value) => {
    port = 1
    const gateway = start({ [name]: value })
    expect(await gateway.exitCode).toBe(1)
    expect(gateway.output()).toContain(name)
    expect(gateway.output()).not.toMatch(/\n {4}at /)
  })

  test('logs what it could not write without naming a token', async () => {
    await door.owner.$client.query('revoke insert on token_usage from partner_tokens_app')
    try {
      const gateway = await startListening()
      const { id, text } = await door.issue()
      await send({ port }, '/V1/order', { body: envelopeOf({ storeId: door.storeId, token: text }) })
      await expect
        .poll(gateway.output, { timeout: 20_000 })
        .toContain('permission denied for table token_usage')
      const lines = gateway.output().split('\n')
      const failure = lines.find((line) => line.includes('permission denied')) ?? ''
      expect(failure).not.toContain(id)
      expect(JSON.parse(failure).err).not.toHaveProperty('params')
      expect(failure.length).toBeLessThan(2_048)
    } finally {
      await door.owner.$client.query('grant insert on token_usage to partner_tokens_app')
    }
  })

  test('without a database stands, and refuses until there is one', async () => {
    const gone = new URL(door.testDatabase.appUrl)
    gone.port = String(await freePort())
    await startListening({ DATABASE_URL: gone.href })
    const { text } = await door.issue()
    const answer = await send({ port }, '/V1/order', {
      body: envelopeOf({ storeId: door.storeId, token: text }),
    })
    expect([answer.status, codeIn(answer)]).toEqual([503, 10500])
    expect((await send({ port }, '/healthz', { method: 'GET' })).status).toBe(200)
  })
})
