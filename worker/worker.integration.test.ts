import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { desc, eq, isNull } from 'drizzle-orm'
import { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mails } from '#db/schema/mails.ts'
import { webhookAttempts, webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys, testKeysText } from '#lib/encryption/test-keyring.ts'
import { announce } from '#lib/events/announce.ts'
import { queueMail } from '#lib/notifications/mails/queue-mail.ts'
import { startTestMailServer, type TestMailServer } from '#lib/notifications/mails/test-mail-server.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { startTestReceiver } from '#lib/webhooks/delivery/test-receiver.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const running = new Set<ChildProcess>()

afterEach(async () => {
  for (const worker of running) await end(worker, 'SIGKILL')
})

async function startWorkerProcess(smtpUrl = '', metricsPort = '') {
  const worker = spawnWorker({ smtpUrl, metricsPort, output: 'inherit', logLevel: 'warn' })
  await once(worker, 'message')
  return worker
}

type Spawned = { smtpUrl: string; metricsPort: string; output: 'inherit' | 'pipe'; logLevel: string }

function spawnWorker({ smtpUrl, metricsPort, output, logLevel }: Spawned) {
  const worker = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    stdio: ['ignore', output, output, 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: appUrl,
      NEXTAUTH_URL: 'https://tokens.example',
      NEXTAUTH_SECRET: 'only-for-the-tests-0123456789-0123456789',
      ENCRYPTION_KEYS: testKeysText,
      MAIL_FROM: 'Partner Tokens <tokens@tokens.example>',
      SMTP_URL: smtpUrl,
      WORKER_METRICS_PORT: metricsPort,
      WEBHOOK_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: logLevel,
      DEMO: '0',
    },
  })
  running.add(worker)
  return worker
}

async function end(worker: ChildProcess, signal: NodeJS.Signals) {
  running.delete(worker)
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode
  const exited = once(worker, 'exit')
  worker.kill(signal)
  return (await exited)[0]
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/**
 * A worker that is killed over a revocation, once it got as far as `reached`. Its jobs are taken from it a quarter of a
 * minute later: after that time, or as if it had gone by.
 */
async function killOver(
  reached: () => Promise<unknown>,
  { silence, smtpUrl }: { silence: 'waited for' | 'made up'; smtpUrl?: string },
) {
  const worker = await startWorkerProcess(smtpUrl)
  await revoke()
  await reached()
  await end(worker, 'SIGKILL')
  if (silence === 'waited for') return
  await owner.$client.query(`
    update pgboss.job set started_on = started_on - interval '15 seconds',
      heartbeat_on = heartbeat_on - interval '15 seconds' where state = 'active'`)
}

const deliveriesTo = (endpointId: string) =>
  db.select().from(webhookDeliveries).where(eq(webhookDeliveries.endpointId, endpointId))

let revoke: () => Promise<{ text: string }>
let pair: { storeId: string; partnerId: string }
beforeAll(async () => {
  const store = await buildStore(owner, { name: 'Harbor Books' })
  const partner = await buildPartner(owner, { name: 'Parcel Pilot, Inc.' })
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
  const merchant = await buildUser(owner)
  await addStoreMember(owner, { store, user: merchant })
  await addPartnerMember(owner, { partner, user: await buildUser(owner, { email: 'desk@example.com' }) })
  const actor = {
    side: 'merchant' as const,
    role: 'owner' as const,
    userId: merchant.id,
    userName: merchant.name,
    storeId: store.id,
  }
  revoke = async () => {
    const { text, ...secret } = mintToken()
    const token = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret })
    await revokeTokens(
      actor,
      { tokenIds: [token.id], extent: 'chosen', reason: 'exposed' },
      { db, address: null },
    )
    return { text }
  }
})

test('a worker that is stopped while it starts ends at once, with one line', async () => {
  const holder = await owner.$client.connect()
  try {
    await holder.query('begin; lock table pgboss.queue in access exclusive mode')
    const worker = spawnWorker({ smtpUrl: '', metricsPort: '', output: 'pipe', logLevel: 'info' })
    const said = Promise.all([text(worker.stdout as Readable), text(worker.stderr as Readable)])
    await untilBlocked(owner)
    const ending = end(worker, 'SIGTERM')
    await once(worker.stdout as Readable, 'data')
    // What it waited for is there now: it does not go on all the same.
    await holder.query('rollback')
    expect(await ending).toBe(0)
    const [lines, errors] = await said
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toEqual(['the worker stops (SIGTERM)'])
    expect(errors).toBe('')
  } finally {
    holder.release(true)
  }
})

/** Where a worker is killed over a mail. */
type Moment = {
  smtpUrl: string
  reached(): Promise<unknown>
  /** What kept the worker there goes away. */
  leave(): Promise<unknown>
}

/** As it waits for what `statement` locks: what it asked the database for was not done, and never is. */
async function waitingFor(statement: string, values: unknown[], smtpUrl: string): Promise<Moment> {
  const holder = await owner.$client.connect()
  await holder.query('begin')
  await holder.query(statement, values)
  const waiting = async () => {
    const { rows } = await holder.query<{ pid: number }>(
      'select pid from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
    )
    return rows.map(({ pid }) => pid)
  }
  return {
    smtpUrl,
    reached: () => expect.poll(waiting, { timeout: 20_000 }).not.toEqual([]),
    async leave() {
      // Else the database would do it for a worker that is dead.
      const login = new Client({ connectionString: appUrl })
      await login.connect()
      await login.query('select pg_terminate_backend(pid, 5000) from unnest($1::int[]) pid', [
        await waiting(),
      ])
      await login.end()
      await holder.query('rollback')
      holder.release()
    },
  }
}

async function greeting(): Promise<Moment> {
  const silent = createServer().listen(0, '127.0.0.1')
  const called = once(silent, 'connection')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const leave = async () => silent.close()
  return { smtpUrl: `smtp://127.0.0.1:${port}`, reached: () => called, leave }
}

async function noting(server: TestMailServer): Promise<Moment> {
  const taken = new Promise<Moment>((resolve, reject) => {
    server.judgeBy(async ({ messageId = '' }) => {
      const id = messageId.slice(1, messageId.indexOf('@'))
      await waitingFor('select from mails where id = $1 for update', [id], server.url).then(resolve, reject)
      server.judgeBy(() => 'take')
      return 'take' as const
    })
  })
  return {
    smtpUrl: server.url,
    reached: async () => (await taken).reached(),
    leave: async () => (await taken).leave(),
  }
}

test.each<
  [moment: string, kept: object[], timesSent: number, find: (server: TestMailServer) => Promise<Moment>]
>([
  ['writes the mail', [], 1, ({ url }) => waitingFor('lock table mails in share mode', [], url)],
  ['waits for the mail server’s greeting', [{ attempts: 1 }], 1, greeting],
  ['notes that the mail server took the mail', [{ attempts: 1 }], 2, noting],
])(
  'a worker that is killed as it %s loses nothing: after a restart it goes out, always under one Message-ID',
  async (_moment, kept, timesSent, find) => {
    const server = await startTestMailServer()
    const moment = await find(server)
    const silence = find === greeting ? 'waited for' : 'made up'
    const { smtpUrl } = moment
    await killOver(moment.reached, { silence, smtpUrl }).finally(moment.leave)
    expect(await db.select().from(mails).where(isNull(mails.sentAt))).toMatchObject(kept)
    expect(server.received).toHaveLength(timesSent - 1)
    await startWorkerProcess(server.url)
    await expect.poll(() => server.received.length, { timeout: 50_000 }).toBe(timesSent)
    const newest = async () => (await db.select().from(mails).orderBy(desc(mails.id)).limit(1))[0]
    await expect.poll(async () => (await newest())?.sentAt, { timeout: 10_000 }).toBeInstanceOf(Date)
    const id = `<${(await newest())?.id}@tokens.example>`
    expect(server.received.map(({ messageId }) => messageId)).toEqual(Array(timesSent).fill(id))
    await server.stop()
  },
  90_000,
)

describe('a worker', () => {
  const guest = { userId: null, to: 'guest@example.com', subject: 'Set a new password', body: 'Open this.' }
  const subject = 'The token of “Parcel Pilot, Inc.” for “Harbor Books” was revoked'
  let server: TestMailServer
  let worker: ChildProcess
  let port: number
  const sent = () => server.received.map((mail) => mail.subject)

  beforeAll(async () => {
    server = await startTestMailServer()
    port = await freePort()
    const undated = { kind: 'token.not_collected', details: { collectUntil: 'no date' } } as const
    await announce(db, [{ ...undated, occurredAt: new Date(), ...pair, by: null }])
    await revoke()
    await queueMail(db, { ...guest, now: new Date() })
    worker = await startWorkerProcess(server.url, `${port}`)
    // It lives longer than one test.
    running.delete(worker)
  })
  afterAll(async () => {
    await end(worker, 'SIGKILL')
    await server.stop()
  })

  test('dispatches what was written while none ran; an event that cannot be dispatched holds up nothing else', async () => {
    await expect.poll(() => sent().sort(), { timeout: 15_000 }).toEqual([guest.subject, subject])
  })

  test('shows operators that it is ready, what it did and what waits', async () => {
    const get = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`)
      return { status: answer.status, text: await answer.text() }
    }
    await expect.poll(async () => (await get('/readyz')).status, { timeout: 15_000 }).toBe(200)
    expect((await get('/healthz')).status).toBe(200)
    await expect
      .poll(async () => (await get('/metrics')).text, { timeout: 10_000 })
      .toMatch(/^worker_jobs_total\{queue="send-mail",outcome="done"\} [1-9]/m)
    const { text } = await get('/metrics')
    expect(text).toContain('worker_jobs_total{queue="deliver-webhook",outcome="failed"} 0')
    for (const name of [
      ...['oldest_undispatched_event_seconds', 'mails_waiting', 'deliveries_waiting'],
      ...['log_queue_length', 'log_queue_oldest_seconds', 'log_faults'],
    ]) {
      expect(text).toMatch(new RegExp(`^worker_${name} [0-9.]+$`, 'm'))
    }
    // It has flown the canary, and there is no gateway.
    await expect
      .poll(async () => (await get('/metrics')).text, { timeout: 15_000 })
      .toMatch(/^worker_canary_red 1$/m)
    const { text: later } = await get('/metrics')
    expect(later).toMatch(/^worker_canary_gateways 0$/m)
    expect(later).toMatch(/^worker_refusal_seconds\{of="revocations",figure="p99"\} Nan$/im)
  })

  test('has a mail out within seconds, without a token in it, and ends cleanly when it is asked to stop', async () => {
    const sentBefore = server.received.length
    const { text } = await revoke()
    await expect.poll(() => server.received.length, { timeout: 10_000 }).toBe(sentBefore + 1)
    const mail = server.received.at(-1)
    expect(mail?.subject).toBe(subject)
    expect(mail?.source).not.toContain(text)
    expect(mail?.source).not.toMatch(/1\.0_/)
    expect(await end(worker, 'SIGTERM')).toBe(0)
    const toDesk = eq(mails.toAddress, 'desk@example.com')
    const [row] = await db.select().from(mails).where(toDesk).orderBy(desc(mails.id)).limit(1)
    expect(row).toMatchObject({ body: null, sentAt: expect.any(Date) })
  })
})

test('a webhook that a worker was killed over goes out after a restart, under the same webhook-id, and the log shows it', async () => {
  const receiver = await startTestReceiver()
  const cameIn = new Promise<void>((resolve) => {
    receiver.judgeBy(() => {
      resolve()
      // It has come in whole; the worker waits for the answer, and has written nothing yet.
      return 'never'
    })
  })
  const id = uuidv7()
  const secret = createWebhookSecret()
  await buildWebhookEndpoint(owner, {
    ...{ id, url: receiver.url, encryptedSecret: encrypt(testKeys, secret, id) },
    ...{ storeId: pair.storeId, createdBy: (await buildUser(owner)).id },
  })
  await killOver(() => cameIn, { silence: 'made up' })
  const [delivery, ...others] = await deliveriesTo(id)
  expect(others).toEqual([])
  expect(delivery).toMatchObject({ state: 'waiting', attempts: 0 })
  receiver.judgeBy(() => ({ status: 204 }))
  await startWorkerProcess()
  await expect
    .poll(async () => (await deliveriesTo(id))[0], { timeout: 50_000 })
    .toMatchObject({ state: 'delivered', attempts: 1 })
  const [once, again, ...more] = receiver.received
  if (!once || !again || !delivery) throw new Error('it did not come in twice')
  expect(more).toEqual([])
  expect([once.id, again.id]).toEqual([delivery.id, delivery.id])
  expect(again.body).toBe(once.body)
  expect(receiver.verify(secret, again)).toMatchObject({ type: 'token.revoked' })
  const attempts = await db.select().from(webhookAttempts).where(eq(webhookAttempts.deliveryId, delivery.id))
  expect(attempts).toMatchObject([{ status: 204, problem: null }])
  await receiver.stop()
}, 90_000)
