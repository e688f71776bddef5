import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { cutOff } from '#lib/cut-offs/cut-off.ts'
import { heartbeatEveryMs } from '#lib/proofs/liveness.ts'
import { insistOnRefusal, openGateways, recoveryOf, startLoad } from './load.ts'
import { type CallCounts, createCallObserver, type Violation } from './observed-calls.ts'
import { type SeededPartner, seedPartnerToCutOff } from './presented-tokens.ts'
import { openStage, type StageOptions } from './stage.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

export type CutOffPlan = {
  /** Tokens of the partner that are called at each gateway, and how many more it has: the books are longer by those. */
  sampled: number
  others: number
  loadPerGateway: number
  /** How often the worker is killed while the books are open, if they are open for so long. */
  kills: number
} & StageOptions

export type CutOffReport = {
  before: CallCounts
  afterConfirmation: CallCounts
  violations: Violation[]
  /** From asking for it to its confirmation. */
  confirmedMs: number
  /** From the confirmation to the first refusal, of each gateway that was not frozen. */
  refusedAfterMs: number[]
  frozenMs: number
  kills: number
  /** What the books have in the end, each once. */
  written: { revocations: number; auditRows: number; tokens: number }
}

/** Before the cut-off, so that calls which were sent are in the middle of being judged. */
const frozenBeforeMs = 500
/** It misses several heartbeats, and is taken for ended. */
const frozenForMs = 4 * heartbeatEveryMs
const pollMs = 20

/**
 * Cuts a partner off while three gateways are called without a pause, one of them is frozen for longer than others wait for its
 * heartbeat, and the worker that writes the books is killed again and again.
 */
export async function runCutOff(plan: CutOffPlan, dataDir: string): Promise<CutOffReport> {
  const stage = await openStage(dataDir, plan)
  const worker: { running: WorkerProcess | undefined } = { running: undefined }
  const startWorker = async () => {
    const logFile = join(dataDir, 'worker.log')
    worker.running = await startWorkerProcess({ databaseUrl: stage.database.appUrl, logFile })
  }
  try {
    const partner = await seedPartnerToCutOff(stage.owner, plan)
    const processes = await stage.startGateways()
    await startWorker()
    const observer = createCallObserver()
    const gateways = openGateways(processes, { loadPerGateway: plan.loadPerGateway, observer })
    const { actor, name, sampled, live } = partner
    const load = startLoad(gateways, { tokens: [...sampled, ...live], perGateway: plan.loadPerGateway })
    await pause(frozenBeforeMs)
    const [frozen, ...others] = gateways
    if (!frozen) throw new Error('There is no gateway.')
    const frozenFrom = performance.now()
    const thaw = frozen.freeze()
    const thawed = pause(frozenBeforeMs + frozenForMs).then(() => {
      thaw()
      return performance.now() - frozenFrom
    })
    await pause(frozenBeforeMs)

    const from = performance.now()
    const done = await cutOff(actor, { name, reason: 'exposed' }, { db: stage.web, address: null })
    if (!done.ok) throw new Error(`The cut-off was refused: ${JSON.stringify(done.refusal)}`)
    observer.confirmRevoked(sampled)
    const confirmedAt = performance.now()
    const refusedAfterMs = Promise.all(
      others.map(async (gateway, n) => {
        await insistOnRefusal(gateway, sampled[n] as SeededPartner['sampled'][number])
        return performance.now() - confirmedAt
      }),
    )
    const calls = gateways.map(async ({ checks }) => {
      await Promise.all(sampled.map((token, n) => checks.call(token, n % 2 === 0 ? 'xml' : 'introspection')))
    })
    const kills = await killUntilWritten(stage.owner, plan.kills, async () => {
      await worker.running?.kill()
      await startWorker()
    })
    await Promise.all(calls)
    const frozenMs = await thawed
    await load.stop()
    for (const gateway of gateways) await Promise.all(sampled.map((token) => insistOnRefusal(gateway, token)))
    // Who was not cut off is accepted by every one of them, the frozen one too.
    await Promise.all(gateways.map((gateway) => recoveryOf(gateway, live)))
    await Promise.all(gateways.flatMap(({ checks, load }) => [checks.close(), load.close()]))
    const { before, afterConfirmation, violations } = observer
    return {
      ...{ before, afterConfirmation, violations, frozenMs, kills },
      confirmedMs: confirmedAt - from,
      refusedAfterMs: await refusedAfterMs,
      written: await readBooks(stage.owner, actor.partnerId),
    }
  } finally {
    await worker.running?.stop()
    await stage.close()
  }
}

/** Each time that the books have come further. @returns how often, once they are whole. */
async function killUntilWritten(owner: Database, times: number, killAndStart: () => Promise<void>) {
  let kills = 0
  for (let doneBefore = 0; ; ) {
    const { rows } = await owner.execute<{ done: number; is_over: boolean }>(
      sql`select done::int, finished_at is not null as is_over from cut_off_books`,
    )
    const { done = 0, is_over: isOver = false } = rows[0] ?? {}
    if (isOver) return kills
    if (done > doneBefore && kills < times) {
      doneBefore = done
      await killAndStart()
      kills++
    }
    await pause(pollMs)
  }
}

async function readBooks(owner: Database, partnerId: string): Promise<CutOffReport['written']> {
  const { rows } = await owner.execute<CutOffReport['written']>(sql`
    select (select count(*)::int from revocations where partner_id = ${partnerId}) as revocations,
      (select count(*)::int from audit_events where partner_id = ${partnerId} and action = 'token.revoked') as "auditRows",
      (select count(distinct token_id)::int from audit_events
        where partner_id = ${partnerId} and action = 'token.revoked') as tokens`)
  return rows[0] ?? { revocations: 0, auditRows: 0, tokens: 0 }
}
