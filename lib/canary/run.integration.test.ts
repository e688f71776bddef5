import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listLiveProcesses } from '#db/queries/verification/gateway-processes.ts'
import { canaryParty } from '#db/schema/canary-runs.ts'
import { openGateway } from '#gateway/testing/gateway.ts'
import { startGatewayProcess } from '#gateway/testing/strictness/gateway-process.ts'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { startProofResponder } from '../proofs/proof-responder.ts'
import { refuse } from '../result.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { createUsageRecorder, writeUsesTo } from '../verification/usage.ts'
import type { Verifier } from '../verification/verify.ts'
import { readCanaryFigure } from './figure.ts'
import { type CanaryLimits, runCanary } from './run.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const patient = { timeout: 20_000, interval: 20 }
const usage = createUsageRecorder({ write: writeUsesTo(db) })
let closing: (() => unknown)[] = []
let logs: string

beforeEach(async () => {
  logs = await mkdtemp(join(tmpdir(), 'canary-'))
  await owner.$client.query('delete from gateway_processes; delete from canary_runs')
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
  closing = []
  await rm(logs, { recursive: true })
})
afterAll(() => usage.close())

const liveNames = async () => (await listLiveProcesses(db, { withinMs: 6_000 })).map(({ name }) => name)

type Options = { name?: string; verifier?: Verifier; registeredAs?: string }

/** As `gateway/main.ts` has it: it listens, and says where. */
async function openRegistered({ name = 'one', verifier = patientVerifier(db), registeredAs }: Options = {}) {
  const gatewayId = randomUUID()
  const gateway = await openGateway({
    ...{ verifier, usage, gatewayId },
    engine: { answer: async () => refuse(10004) },
    revoke: async () => 'confirmed',
  })
  await register({ id: registeredAs ?? gatewayId, name, address: gateway.url, verifier })
  closing.push(gateway.close)
  return gateway
}

async function register(process: { id: string; name: string; address?: string; verifier?: Verifier }) {
  const responder = startProofResponder({
    ...{ url: appUrl, db, verifier: patientVerifier(db), heartbeatEveryMs: 20 },
    ...process,
  })
  closing.push(responder.close)
  await expect.poll(liveNames, patient).toContain(process.name)
}

/** It was heard of so long ago, and no longer. */
const silentFor = (name: string, interval: string, address: string | null) =>
  owner.$client.query(
    `insert into gateway_processes (id, name, started_at, heartbeat_at, address)
     values ($1, $2, now() - interval '1 day', now() - $3::interval, $4)`,
    [randomUUID(), name, interval, address],
  )

/** A machine that is busy with other tests delays what it asks for; what the limits are for is asked with shorter ones. */
const patientLimits = { answerWithinMs: 10_000, acceptedWithinMs: 30_000, refusedWithinMs: 30_000 }
const run = (limits: Partial<CanaryLimits> = patientLimits) => runCanary({ db, strictDb: db, limits })
/** Where somebody is not to answer. */
const notForLong = { answerWithinMs: 4_000, acceptedWithinMs: 8_000, refusedWithinMs: 10_000 }
const aMinutePasses = () =>
  owner.$client.query(`update canary_runs set minute = minute - interval '1 minute'`)
const runs = async () => (await owner.$client.query('select * from canary_runs order by minute')).rows

/**
 * A build that looks a token up, and takes the answer for good for `forMs` from then on. By a clock that goes on by a millisecond with each
 * call, and so sooner than a real one does beside a canary that calls every five: a busy machine changes nothing.
 */
function keeping(verifier: Verifier, forMs: number): Verifier {
  let now = 0
  const kept = new Map<
    string | undefined,
    { until: number; answer: Awaited<ReturnType<Verifier['verify']>> }
  >()
  return {
    ...verifier,
    async verify(text) {
      now++
      const known = kept.get(text)
      if (known && now < known.until) return known.answer
      const answer = await verifier.verify(text)
      kept.set(text, { until: now + forMs, answer })
      return answer
    },
  }
}

describe('a run', () => {
  test('finds that every gateway accepted its token, and refused each call that was sent after the confirmation', async () => {
    await openRegistered({ name: 'one' })
    await openRegistered({ name: 'other' })
    await run()
    const [row] = await runs()
    expect(row).toMatchObject({ gateways: 2, refused: 2, accepted_afterwards: 0, accepting: [], silent: [] })
    expect(row.ended_at).not.toBeNull()
    expect(row.confirmed_after_ms).toBeGreaterThan(0)
    expect(row.refused_after_ms).toBeGreaterThanOrEqual(row.confirmed_after_ms)
    expect(await readCanaryFigure({ db })).toMatchObject({
      state: 'green',
      problems: [],
      ofCanary: { lastMs: row.refused_after_ms, worstMs: row.refused_after_ms, runs: 1, faulty: 0 },
    })
  })

  test('is one a minute, whoever begins it', async () => {
    await openRegistered()
    const begun = await Promise.all([run(), run(), run()])
    expect(await runs()).toHaveLength(1)
    for (const { nextInMs } of begun) {
      expect(nextInMs).toBeGreaterThan(0)
      expect(nextInMs).toBeLessThanOrEqual(60_000)
    }
    await aMinutePasses()
    await run()
    expect(await runs()).toHaveLength(2)
  })

  test('that is ended by its worker was none', async () => {
    await openRegistered()
    await runCanary({ db, strictDb: db, signal: AbortSignal.abort() })
    expect(await runs()).toEqual([])
  })

  test('leaves no trace in a record, an outbox, a use, a list or the log', async () => {
    await openRegistered()
    const traces = async () => {
      const { rows } = await owner.$client.query(
        `select (select count(*) from audit_events) + (select count(*) from events) + (select count(*) from token_usage)
           + (select count(*) from token_usage_hours) + (select count(*) from revoked_token_attempts)
           + (select count(*) from live_tokens where store_id = $1) + (select count(*) from log_queue) as count,
         (select count(*) from revocations) as revocations`,
        [canaryParty.storeId],
      )
      return rows[0]
    }
    await run()
    await usage.flush()
    expect(await traces()).toMatchObject({ count: '0', revocations: expect.stringMatching(/^[1-9]/) })
  })
})

describe('red within two minutes is', () => {
  test('a build that keeps answers for 50 ms', async () => {
    await openRegistered({ name: 'strict' })
    await openRegistered({ name: 'keeping', verifier: keeping(patientVerifier(db), 50) })
    for (let minute = 0; minute < 2; minute++) {
      await aMinutePasses()
      await run()
    }
    const found = await runs()
    expect(found.flatMap(({ accepting }) => accepting)).toContain('keeping')
    expect(found.flatMap(({ accepting }) => accepting)).not.toContain('strict')
    const { ofCanary } = await readCanaryFigure({ db })
    expect(ofCanary.acceptedAfterwards).toBeGreaterThan(0)
    expect(ofCanary.faulty).toBeGreaterThan(0)
    expect(ofCanary.lastAcceptedAt).toBeInstanceOf(Date)
  })

  test('a gateway that is frozen, also once it no longer counts as alive', { timeout: 120_000 }, async () => {
    await openRegistered({ name: 'well' })
    const frozen = await startGatewayProcess({
      ...{ name: 'frozen', databaseUrl: appUrl, logFile: join(logs, 'gateway.log') },
    })
    closing.push(frozen.stop)
    await expect.poll(liveNames, patient).toContain('frozen')
    await run()
    expect((await readCanaryFigure({ db })).state).toBe('green')

    const letGoOn = frozen.freeze()
    closing.push(letGoOn)
    await aMinutePasses()
    await run(notForLong)
    expect(await readCanaryFigure({ db })).toMatchObject({
      state: 'red',
      problems: ['silent'],
      silent: ['frozen'],
    })

    const { rows } = await owner.$client.query(
      `delete from gateway_processes where name = 'frozen' returning id, name, started_at, address`,
    )
    const { id, name, started_at, address } = rows[0]
    await owner.$client.query(
      `insert into gateway_processes (id, name, started_at, heartbeat_at, address)
       values ($1, $2, $3, now() - interval '1 minute', $4)`,
      [id, name, started_at, address],
    )
    expect(await liveNames()).toEqual(['well'])
    await aMinutePasses()
    await run(notForLong)
    expect(await readCanaryFigure({ db })).toMatchObject({
      problems: ['silent'],
      silent: ['frozen'],
      refused: 1,
    })
  })

  test('a process at whose address another one answers, and one that does not say where it is', async () => {
    await openRegistered({ name: 'behind a balancer', registeredAs: randomUUID() })
    await register({ id: randomUUID(), name: 'of the version before' })
    await run(notForLong)
    expect(await readCanaryFigure({ db })).toMatchObject({
      state: 'red',
      gateways: 2,
      silent: ['behind a balancer', 'of the version before'],
    })
  })

  test('a deployment without a gateway, and one whose run broke off', async () => {
    await run()
    expect(await readCanaryFigure({ db })).toMatchObject({ problems: ['no-gateway'], gateways: 0 })
    await owner.$client.query(
      `update canary_runs set minute = minute - interval '2 minutes', ended_at = null`,
    )
    expect(await readCanaryFigure({ db })).toMatchObject({ problems: ['broke-off'] })
  })
})

describe('green stays a deployment', () => {
  test('one of whose gateways died a minute ago, or ten of which were silent for long', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const gateway = await openRegistered()
    await silentFor('died', '1 minute', `http://127.0.0.1:${port}`)
    await silentFor('before its restart', '1 minute', gateway.url)
    await silentFor('long ago', '11 minutes', 'http://127.0.0.1:1')
    await run()
    expect(await readCanaryFigure({ db })).toMatchObject({ state: 'green', gateways: 1, silent: [] })
  })
})

describe('its tokens', () => {
  test('are deleted after an hour, and nobody else’s can be', async () => {
    await openRegistered()
    await run()
    const [store, partner, by] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
    await grantAccess(owner, { store, partner })
    const old = { createdAt: new Date(Date.now() - 2 * 3_600_000) }
    const revoked = { ...old, revocation: { side: 'merchant' as const, by } }
    const kept = await buildToken(owner, { storeId: store.id, partnerId: partner.id, ...revoked })
    await buildToken(owner, { ...canaryParty, ...revoked })
    const left = async () => {
      const { rows } = await owner.$client.query(
        "select id, store_id, created_at < now() - interval '1 hour' as old from tokens",
      )
      return rows
    }
    const before = await left()
    await aMinutePasses()
    await run()
    const after = await left()
    expect(after).toHaveLength(before.length)
    expect(after.filter(({ old }) => old)).toEqual([expect.objectContaining({ id: kept.id })])

    for (const table of ['revocations', 'tokens']) {
      await expect(owner.$client.query(`delete from ${table}`)).rejects.toThrow('keeps facts')
      await expect(
        db.$client.query(
          `do $$ begin perform set_config('partner_tokens.canary', 'emptied', true); delete from ${table}; end $$`,
        ),
      ).rejects.toThrow('permission denied')
    }
  })

  test('are not made for a store that has members', async () => {
    await openRegistered()
    await run()
    const user = await buildUser(owner)
    await owner.$client.query(
      `insert into store_members (store_id, user_id, role) values ($1, $2, 'owner')`,
      [canaryParty.storeId, user.id],
    )
    await aMinutePasses()
    await expect(run()).rejects.toThrow()
    await owner.$client.query('delete from store_members where store_id = $1', [canaryParty.storeId])
  })
})
