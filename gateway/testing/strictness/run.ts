import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { proveRefusal, type RefusalProof } from '#lib/proofs/ask.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import type { Trouble, Wire } from '#tools/wire.ts'
import { freezeBackends, lookUpBackends, terminateBackends } from './backends.ts'
import type { GatewayProcess } from './gateway-process.ts'
import { type Gateway, insistOnRefusal, openGateways, recoveryOf, startLoad } from './load.ts'
import { type CallCounts, createCallObserver, type PresentedToken, type Violation } from './observed-calls.ts'
import { type Batch, type SeededTokens, seedPresentedTokens } from './presented-tokens.ts'
import type { RestartableDatabase, StopMode } from './restartable-database.ts'
import { openStage, type StageOptions } from './stage.ts'

/** What is done to the database while tokens are revoked and calls are sent. */
export type Disturbance =
  | { kind: 'none' }
  /** All of the other tokens are revoked as well. */
  | { kind: 'others-revoked' }
  /** Again and again a look-up connection is frozen; every third time all of all gateways, until each has refused. */
  | { kind: 'frozen'; times: number }
  /** Again and again half of the look-up connections are ended. */
  | { kind: 'cut'; times: number }
  /** Again and again one gateway is stopped for longer than its lease. */
  | { kind: 'stopped'; times: number; leaseMs: number }
  /** Again and again what one gateway sends, or is sent, does not arrive for longer than its lease, or comes late. */
  | { kind: 'wire troubled'; times: number; leaseMs: number }
  | { kind: 'restarted'; stops: readonly StopMode[]; downForMs: number }

export type PhasePlan = { disturbance: Disturbance; revocations: number }

export type StrictnessPlan = {
  phases: readonly PhasePlan[]
  othersCount: number
  /** Calls under way at each gateway at any time, besides those that prove the revocations. */
  loadPerGateway: number
  /** People who revoke at the same time. */
  revokers: number
} & StageOptions

export type PhaseReport = {
  disturbance: Disturbance['kind']
  /** Confirmed by `revokeTokens`, all of them refused by every gateway at the end of the phase. */
  revocations: number
  before: CallCounts
  afterConfirmation: CallCounts
  violations: Violation[]
  /** How often the disturbance happened; of others that were revoked, how many. */
  disturbed: number
  /** Of the revocations, those that were confirmed before the disturbing had ended. */
  confirmedMeanwhile: number
  /** Of each gateway, from the moment that the database took connections again to the first accepted call. */
  recoveriesMs: number[]
  /** As a caller sees it: calls that were refused because nothing was known. */
  unavailableMs: number[]
  /** All other calls of the load. */
  answeredMs: number[]
  durationMs: number
}

export type StrictnessReport = {
  phases: PhaseReport[]
  /** By the gateways' own logs: calls that were refused because nothing was known. */
  loggedUnavailableMs: number[]
  proofs: RefusalProof[]
}

export type StrictnessRun = {
  phase(plan: PhasePlan): Promise<PhaseReport>
  finish(): Promise<Pick<StrictnessReport, 'loggedUnavailableMs' | 'proofs'>>
  /** Ends everything; after `finish`, or in place of it. */
  close(): Promise<void>
}

const longerThanALease = 1.5
const troubles: Trouble[] = [{ held: 'requests' }, { held: 'answers' }, { delayMs: 80 }]
const freezeMs = { least: 100, most: 600 }
/** At most; as a rule it ends when all gateways have refused. */
const freezeOfAllMs = 2_000
/** A commit that nobody confirmed is asked for again. */
const retryAfterMs = 20
/** Of each batch, those that are called without a pause while they are revoked. */
const hotTokens = 3
/** Of each big batch of others, whose refusal is looked at at once. */
const otherSamples = 20

export async function openStrictnessRun(plan: StrictnessPlan, dataDir: string): Promise<StrictnessRun> {
  const stage = await openStage(dataDir, plan)
  const { database, login, web, wires, close } = stage
  try {
    const toRevoke = plan.phases.reduce((sum, { revocations }) => sum + revocations, 0)
    const tokens = await seedPresentedTokens(stage.owner, { toRevoke, others: plan.othersCount })
    const processes = await stage.startGateways()
    const proofs: RefusalProof[] = []
    return {
      phase: (phase) => runPhase(phase, { plan, database, login, web, wires, tokens, processes, proofs }),
      async finish() {
        await Promise.all(processes.map((gateway) => gateway.stop()))
        const logged = await Promise.all(processes.map((gateway) => gateway.loggedDurationsMs(503)))
        return { loggedUnavailableMs: logged.flat(), proofs }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type World = {
  plan: StrictnessPlan
  database: RestartableDatabase
  login: Database
  web: Database
  wires: Wire[]
  tokens: SeededTokens
  processes: GatewayProcess[]
  proofs: RefusalProof[]
}

async function runPhase({ disturbance, revocations }: PhasePlan, world: World): Promise<PhaseReport> {
  const from = performance.now()
  const { plan, tokens, web, proofs } = world
  const observer = createCallObserver()
  const gateways = openGateways(world.processes, { loadPerGateway: plan.loadPerGateway, observer })
  const batches = tokens.takeBatches(revocations)
  const chosen = batches.flatMap((batch) => batch.tokens)
  const load = startLoad(gateways, { tokens: [...chosen, ...tokens.live], perGateway: plan.loadPerGateway })
  const progress = { confirmed: 0, isOver: false }

  /** The last calls that may be accepted are sent just before the revocation is confirmed. */
  async function callUntilRevoked(token: PresentedToken, revocation: { isConfirmed: boolean }) {
    do await Promise.all(gateways.map(({ checks }) => checks.call(token, 'introspection')))
    while (!revocation.isConfirmed)
  }

  async function revokeAndCheck(batch: Batch, checked: PresentedToken[]) {
    const confirmedAt = performance.now()
    const revocation = { isConfirmed: false }
    const hot = checked.slice(0, hotTokens).map((token) => callUntilRevoked(token, revocation))
    const tokenIds = await revokeUntilConfirmed(batch, web)
    observer.confirmRevoked(batch.tokens)
    revocation.isConfirmed = true
    const proof = disturbance.kind === 'none' && proveRefusal({ tokenIds, confirmedAt }, { db: web })
    const ways = ['xml', 'introspection', 'xml'] as const
    const calls = checked.flatMap((token) =>
      gateways.flatMap(({ checks }) => ways.map((way) => checks.call(token, way))),
    )
    await Promise.all([...hot, ...calls])
    const answers = proof && (await proof)
    if (answers) proofs.push(answers)
  }

  const gatewayOf = (n: number) => gateways[n % gateways.length] as Gateway
  const queue = batches.values()
  async function revokeOneAfterTheOther() {
    for (const batch of queue) {
      await Promise.all(batch.tokens.map((token, n) => gatewayOf(n).checks.call(token, 'xml')))
      await revokeAndCheck(batch, batch.tokens)
      progress.confirmed += batch.tokens.length
    }
  }
  const work = Promise.all(Array.from({ length: plan.revokers }, revokeOneAfterTheOther)).finally(() => {
    progress.isOver = true
  })
  const recoveriesMs: number[] = []

  async function disturb(): Promise<number> {
    switch (disturbance.kind) {
      case 'none':
        return 0
      case 'others-revoked':
        for (const batch of tokens.others) await revokeAndCheck(batch, batch.tokens.slice(0, otherSamples))
        return tokens.others.flatMap((batch) => batch.tokens).length
      case 'frozen':
        return freezeAgainAndAgain({ ...world, gateways }, { times: disturbance.times, progress })
      case 'cut':
        return cutAgainAndAgain(world, { times: disturbance.times, progress })
      case 'stopped':
        return repeatedly({ times: disturbance.times, progress }, async (n) => {
          const thaw = gatewayOf(n).freeze()
          await pause(disturbance.leaseMs * longerThanALease)
          thaw()
        })
      case 'wire troubled':
        return repeatedly({ times: disturbance.times, progress }, async (n) => {
          const wire = world.wires[n % world.wires.length] as Wire
          wire.trouble(troubles[n % troubles.length] as Trouble)
          await pause(disturbance.leaseMs * longerThanALease)
          wire.mend(n % 2 === 0 ? 'kept' : 'cut')
        })
      case 'restarted':
        for (const [n, mode] of disturbance.stops.entries()) {
          await world.database.stop(mode)
          await pause(disturbance.downForMs)
          await world.database.start()
          recoveriesMs.push(
            ...(await Promise.all(gateways.map((gateway) => recoveryOf(gateway, tokens.live)))),
          )
          // Spread over the phase, so that there is something to revoke at each of them.
          const goal = (revocations * (n + 1)) / (disturbance.stops.length + 1)
          while (!progress.isOver && progress.confirmed < goal) await pause(retryAfterMs)
        }
        return disturbance.stops.length
    }
  }

  const disturbing = disturb().then((disturbed) => ({ disturbed, confirmedMeanwhile: progress.confirmed }))
  const ended = await Promise.allSettled([disturbing, work])
  const times = await load.stop()
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  await Promise.all(gateways.map((gateway) => recoveryOf(gateway, tokens.live)))
  for (const gateway of gateways) await Promise.all(chosen.map((token) => insistOnRefusal(gateway, token)))
  await Promise.all(gateways.flatMap(({ checks, load }) => [checks.close(), load.close()]))
  const { before, afterConfirmation, violations } = observer
  return {
    disturbance: disturbance.kind,
    revocations: progress.confirmed,
    ...(await disturbing),
    ...{ before, afterConfirmation, violations, recoveriesMs },
    ...times,
    durationMs: performance.now() - from,
  }
}

/**
 * Again where the database was out of reach: whether the first try was committed shows in the second.
 * @returns the ids of those that the last try revoked.
 */
async function revokeUntilConfirmed({ actor, revocation }: Batch, db: Database) {
  for (;;) {
    try {
      const result = await revokeTokens(actor, revocation, { db, address: null, maxSiblings: 1_000_000 })
      if (!result.ok) throw new Error(`The revocation was refused: ${result.refusal}`)
      const { revokedCount, alreadyRevoked, revokedIds } = result.value
      if (revokedCount + alreadyRevoked.length >= revocation.tokenIds.length) return revokedIds
      throw new Error(`Only ${revokedCount} of ${revocation.tokenIds.length} tokens were revoked.`)
    } catch (error) {
      if (!isDatabaseOutage(error)) throw error
      await pause(retryAfterMs)
    }
  }
}

/** @returns how often. */
async function repeatedly(
  { times, progress }: Repetition,
  disturbOnce: (n: number) => Promise<void>,
): Promise<number> {
  let done = 0
  while (done < times || !progress.isOver) {
    await disturbOnce(done++)
    await pause(freezeMs.least)
  }
  return done
}

/** So many times at least, and until the phase's revocations are done. */
type Repetition = { times: number; progress: { isOver: boolean } }

async function freezeAgainAndAgain(
  { login, gateways, tokens }: World & { gateways: Gateway[] },
  { times, progress }: Repetition,
): Promise<number> {
  let done = 0
  while (done < times || !progress.isOver) {
    const pids = await lookUpBackends(login.$client)
    const isOfAll = done % 3 === 2
    const { frozen, thaw } = freezeBackends(isOfAll ? pids : someOf(pids, done))
    let isFelt = frozen > 0
    try {
      if (isOfAll) isFelt = await haveAllRefused(gateways, tokens.live)
      else await pause(freezeMs.least + Math.random() * (freezeMs.most - freezeMs.least))
    } finally {
      thaw()
    }
    if (isFelt) done++
    await pause(freezeMs.least)
  }
  return done
}

/** Whether each gateway was seen to refuse for want of an answer. A connection that it opened after the freeze helps it out. */
async function haveAllRefused(gateways: Gateway[], [token]: PresentedToken[]): Promise<boolean> {
  const from = performance.now()
  const hasRefused = async ({ checks }: Gateway) => {
    while (token && performance.now() - from < freezeOfAllMs) {
      if ((await checks.call(token, 'introspection')) === 'unavailable') return true
    }
    return false
  }
  return (await Promise.all(gateways.map(hasRefused))).every(Boolean)
}

const someOf = (pids: number[], n: number) => pids.slice(n % pids.length).slice(0, 1)

async function cutAgainAndAgain({ login }: World, { times, progress }: Repetition): Promise<number> {
  let done = 0
  while (done < times || !progress.isOver) {
    const pids = (await lookUpBackends(login.$client)).filter(
      (_, n, all) => all.length === 1 || n % 2 === done % 2,
    )
    await terminateBackends(login.$client, pids)
    done++
    await pause(freezeMs.least)
  }
  return done
}
