import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { destination } from 'pino'
import { trustOf } from '#lib/http/client-address.ts'
import { createDatabaseClock } from '#lib/process/database-clock.ts'
import { databaseState, isLoginTooMighty, outdatedCollations } from '#lib/process/database-state.ts'
import { type Env, env } from '#lib/process/env.ts'
import { divideFailures, logDatabaseFailures, logFailures } from '#lib/process/failure-log.ts'
import { gatherLines } from '#lib/process/gathered-lines.ts'
import { createHealthServer } from '#lib/process/health-server.ts'
import { tryToListen } from '#lib/process/listen.ts'
import { createLog } from '#lib/process/log.ts'
import { createReadiness } from '#lib/process/readiness.ts'
import { type Repetition, repeat } from '#lib/process/repeat.ts'
import { shareAnswer } from '#lib/process/shared-answer.ts'
import { createStop } from '#lib/process/stop.ts'
import { heartbeatEveryMs } from '#lib/proofs/liveness.ts'
import { type ProofResponder, startProofResponder } from '#lib/proofs/proof-responder.ts'
import { createReliedAnswers } from '#lib/proofs/relied-answers.ts'
import { createLogGuard } from '#lib/receipts/log-guard.ts'
import { logRevocations } from '#lib/tokens/log-revocations.ts'
import { confirmRevocationsIn, revokePresentedIn } from '#lib/tokens/revoke-presented.ts'
import { openGatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { createKnownRenewals } from '#lib/verification/known-renewals.ts'
import { createLease } from '#lib/verification/lease.ts'
import { type LeaseKeeper, startLeaseKeeper } from '#lib/verification/lease-keeper.ts'
import { createLeasedMemory } from '#lib/verification/leased-memory.ts'
import { createUsageRecorder, writeUsesTo } from '#lib/verification/usage.ts'
import { createVerifier, lookUpIn, type TokenLookUp } from '#lib/verification/verify.ts'
import { createMetrics } from './metrics.ts'
import { ownAddress } from './own-address.ts'
import { createGateway } from './server/server.ts'
import { createStoreCalls } from './store-api/store-calls.ts'
import { createBuiltInEngine } from './store-engine/built-in.ts'
import { createForwardingEngine } from './store-engine/forwarding.ts'
import { readAnswerKeys } from './token-api/answer-keys.ts'
import { readIntrospectionClients } from './token-api/introspection-clients.ts'
import { readIntrospectionUsernames } from './token-api/introspection-usernames.ts'
import { createSignedAnswers } from './token-api/signed-answers.ts'

/** A stop takes both at most, of the ten seconds after which most supervisors, and the demo's launcher, kill. */
const drainTimeoutMs = 7_000
const releaseTimeoutMs = 2_500
const probeTimeoutMs = 2_000
const probeEveryMs = 1_000
const registerWithinMs = 2_000
/** Of what is tried again every few seconds: it has not worked in between. */
const backAfterMs = 15_000

const settings = readSettings()
const logDestination = gatherLines(destination({ dest: 1, sync: false }))
const log = createLog({ name: 'gateway', level: settings.logLevel, destination: logDestination })
logRevocations(log)
const metrics = settings.metricsPort === undefined ? undefined : createMetrics()
const database = logDatabaseFailures(log)
const noted = (lost: string, back: string) =>
  divideFailures({
    database,
    own: logFailures({ log, lost: `${lost}, it will be tried again`, back, backAfterMs }),
  })
const planning = noted('the look-ups were not planned anew', 'the look-ups are planned again')
const forgetting = noted('old addresses of tokens were not forgotten', 'old addresses are forgotten again')
const hinting = noted('renewals were not looked at', 'renewals are looked at again')
const writing = noted('the usage of tokens was not written', 'the usage of tokens is written again')
const leasing = noted('the lease of the gateway was not renewed', 'the lease of the gateway is renewed again')
const responding = noted(
  'the gateway could not register or prove a refusal',
  'the gateway is registered and proves refusals again',
)
const comparing = divideFailures({
  database,
  own: logFailures({
    log,
    lost: 'no call is accepted on this database',
    back: 'the database has the log of revocations that is known here',
  }),
})
const logGuard = await openLogGuard()
const databases = openGatewayDatabases({
  url: settings.databaseUrl,
  check: logGuard.check,
  onIdleError: database.failed,
  onAnswer: planning.worked,
  onPlanError: planning.failed,
})
const writeUses = writeUsesTo(databases.bookkeeping, {
  onError: forgetting.failed,
})
const renewals = createKnownRenewals(databases.bookkeeping)
const measuredWrite = metrics?.measureUsageWrites(writeUses) ?? writeUses
const usage = createUsageRecorder({
  async write(batch) {
    await measuredWrite(batch)
    writing.worked()
    // The batch is written: a failure here must not have it written again, and is met again with the next one.
    await renewals.look(batch.tokenIds).then(hinting.worked, hinting.failed)
    forgetting.worked()
  },
  onError: writing.failed,
  onDropped: (calls) => {
    metrics?.onUsageDropped(calls)
    log.error({ calls }, 'the usage of some calls was not counted')
  },
})
const lookUpTokens = lookUpIn(databases.lookUps)
const forwarding = settings.storeEngine && createForwardingEngine(settings.storeEngine)
const lookUp: TokenLookUp = async (hashes) => {
  logGuard.refuseOlder()
  return lookUpTokens(hashes)
}
const lease = settings.leaseMs > 0 ? createLease(settings.leaseMs) : undefined
/** What a database that was restored does not answer is not answered from memory. */
const leased = lease && createLeasedMemory({ ...lease, isHeld: () => !logGuard.differs() && lease.isHeld() })
const verifier = createVerifier({ lookUp: metrics?.measureLookUps(lookUp) ?? lookUp, leased })
const storeCalls = createStoreCalls({ atOnce: settings.storeCallsAtOnce })
const readiness = createReadiness({
  findState: () => databaseState(databases.rest),
  isLoginTooMighty: () => isLoginTooMighty(databases.rest),
  findOutdatedCollations: () => outdatedCollations(databases.rest),
  // As a call asks: of a token that is nobody's, in a query that it may share with others.
  ping: () => Promise.all([verifier.verifyHash('0'.repeat(64)), databases.rest.$client.query('select 1')]),
  timeoutMs: probeTimeoutMs,
  log,
})
const isDatabaseReady = shareAnswer(readiness.isReady, { forMs: probeEveryMs })
const clock = createDatabaseClock()
const relied = createReliedAnswers(settings.introspectionClients.all, { now: clock.now })
const gatewayId = randomUUID()
let isRegistered = false
let stopping = false
const isReady = async () => !stopping && (await isDatabaseReady())
const server = createGateway({
  verifier,
  usage,
  engine: forwarding ?? createBuiltInEngine({ db: databases.rest }),
  revoke: revokePresentedIn(databases.revocations),
  confirmRevocations: confirmRevocationsIn(databases.rest),
  storeCalls,
  gatewayId,
  identifyClient: settings.introspectionClients.identify,
  usernames: settings.usernames,
  now: clock.now,
  renewedAt: renewals.renewedAt,
  pagesUrl: settings.pagesUrl,
  relied,
  isRegistered: () => isRegistered,
  signedAnswers: settings.signedAnswers,
  trust: settings.trust,
  log,
  limits: settings.limits,
  isReady,
  onAnswered: metrics?.onAnswered,
})
metrics?.watch({ server, databases, lookUpQueue: verifier, usage, storeCalls, logGuard, lease, leased })
const healthServer = metrics && createHealthServer({ metrics, isReady, obstacle: readiness.obstacle, log })

let responder: ProofResponder | undefined
let looking: Repetition | undefined
let leaseKeeper: LeaseKeeper | undefined
const stop = createStop({
  name: 'the gateway',
  log,
  server,
  delayMs: settings.shutdownDelayMs,
  drainTimeoutMs,
  releaseTimeoutMs,
  release,
  exit(code) {
    logDestination.flushSync()
    process.exit(code)
  },
})
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal, () => {
    stopping = true
    stop(signal)
  })
}

await start()

/** A stop that is asked for on the way ends the process by itself. */
async function start() {
  const obstacle = await readiness.findStartObstacle()
  if (stopping) return
  if (obstacle) giveUp(obstacle)
  await lookAtLog().catch(comparing.failed)
  looking = repeat(lookAtLog, { everyMs: heartbeatEveryMs, onError: comparing.failed })
  // A database that is not there yet is no reason to stop: calls are refused until it is.
  await databases.warmUp().catch((err) => log.warn({ err }, 'the database is out of reach'))
  if (healthServer) {
    const what = 'The metrics of the gateway'
    const { metricsHost: host, metricsPort: port = 0 } = settings
    await listen(healthServer, { host, port, what, variable: 'METRICS_PORT' })
  }
  if (lease && leased) {
    const { databaseUrl: url } = settings
    leaseKeeper = startLeaseKeeper({
      ...{ url, lease, memory: leased },
      onError: leasing.failed,
      onRenewed: leasing.worked,
    })
  }
  responder = startProofResponder({
    url: settings.databaseUrl,
    db: databases.bookkeeping,
    id: gatewayId,
    address: settings.address,
    name: settings.name ?? `${hostname()}:${settings.port}`,
    verifier,
    relied,
    onProven: metrics?.onProven,
    onAlive(at) {
      clock.hear(at)
      isRegistered = true
      responding.worked()
    },
    onError: responding.failed,
  })
  // Whoever calls is then in every proof. Without a database it listens all the same, and says that it cannot know.
  await Promise.race([responder.registered, pause(registerWithinMs)])
  if (stopping) return
  const { host, port } = settings
  const gateway = await listen(server, { host, port, what: 'The gateway', variable: 'GATEWAY_PORT' })
  if (stopping) return
  log.info({ url: gateway.url }, `the gateway listens on ${gateway.url}`)
  process.send?.({ listening: gateway.url })
}

/** Not in the way of calls: a connection that is new looks by itself. */
async function lookAtLog() {
  await logGuard.look(databases.rest)
  comparing.worked()
}

async function openLogGuard() {
  const { checkpoint, checkpointFile: file } = settings
  const keeping = noted('the newest checkpoint could not be kept', 'the newest checkpoint is kept again')
  try {
    return await createLogGuard({ checkpoint, file, onKept: keeping.worked, onKeepError: keeping.failed })
  } catch (error) {
    return giveUp(`CHECKPOINT_FILE cannot be used: ${(error as Error).message}`)
  }
}

/** After the last answer: writes what is in memory, and lets go of everything. */
async function release() {
  // Its registration ends only now: while calls are under way, refusals are still to be proven here.
  const rest = [responder?.close(), leaseKeeper?.close(), looking?.stop()]
  const [lost] = await Promise.all([usage.close(), ...rest])
  if (lost > 0) log.error({ tokens: lost }, 'the usage of some tokens could not be written')
  await forwarding?.close()
  await databases.close()
  healthServer?.close()
}

function readSettings() {
  try {
    const all = env()
    return {
      databaseUrl: all.DATABASE_URL,
      host: all.HOST,
      port: all.GATEWAY_PORT,
      metricsPort: all.METRICS_PORT,
      metricsHost: all.METRICS_HOST,
      name: all.GATEWAY_NAME,
      pagesUrl: all.GATEWAY_PAGES_URL,
      checkpoint: all.CHECKPOINT,
      checkpointFile: all.CHECKPOINT_FILE,
      address: all.GATEWAY_ADDRESS ?? ownAddress({ host: all.HOST, port: all.GATEWAY_PORT }),
      leaseMs: all.GATEWAY_LEASES,
      trust: trustOf(all.TRUSTED_PROXIES),
      introspectionClients: readIntrospectionClients(all.INTROSPECTION_CLIENTS),
      usernames: readIntrospectionUsernames(all.INTROSPECTION_USERNAMES),
      signedAnswers: signedAnswersOf(all),
      logLevel: all.LOG_LEVEL,
      limits: { bodyBytes: all.GATEWAY_BODY_BYTES, connections: all.GATEWAY_CONNECTIONS },
      shutdownDelayMs: all.SHUTDOWN_DELAY_MS,
      storeCallsAtOnce: all.STORE_CALLS_AT_ONCE,
      storeEngine: all.STORE_ENGINE_URL === undefined ? undefined : engineOptions(all.STORE_ENGINE_URL, all),
    }
  } catch (error) {
    return giveUp((error as Error).message)
  }
}

function signedAnswersOf({ INTROSPECTION_KEYS, INTROSPECTION_ISSUER: issuer }: Env) {
  const [first, ...more] = readAnswerKeys(INTROSPECTION_KEYS)
  if (!first) return undefined
  if (issuer === undefined)
    throw new Error('INTROSPECTION_KEYS needs INTROSPECTION_ISSUER: where services reach the gateway')
  return createSignedAnswers({ issuer, keys: [first, ...more] })
}

function engineOptions(url: string, { STORE_ENGINE_SECRET, STORE_ENGINE_TIMEOUT_MS }: Env) {
  return { url, secret: STORE_ENGINE_SECRET, timeoutMs: STORE_ENGINE_TIMEOUT_MS }
}

/** Ends the process, with a message that names the variable, where the port cannot be had. */
async function listen(of: Server, where: Parameters<typeof tryToListen>[1]) {
  const listening = await tryToListen(of, where)
  if (listening.ok) return listening.value
  await responder?.close()
  return giveUp(listening.refusal)
}

function giveUp(message: string): never {
  console.error(message)
  process.exit(1)
}
