import { createMailer, mailerOfTheDemo } from '#lib/notifications/mails/mailer.ts'
import { databaseState, isLoginTooMighty, outdatedCollations } from '#lib/process/database-state.ts'
import { env } from '#lib/process/env.ts'
import { logDatabaseFailures } from '#lib/process/failure-log.ts'
import { createHealthServer } from '#lib/process/health-server.ts'
import { tryToListen } from '#lib/process/listen.ts'
import { createLog } from '#lib/process/log.ts'
import { createReadiness } from '#lib/process/readiness.ts'
import { createStop } from '#lib/process/stop.ts'
import { logRevocations } from '#lib/tokens/log-revocations.ts'
import { openWorkerDatabases } from './databases.ts'
import { createWorkerMetrics } from './metrics.ts'
import { readWorkerSettings } from './settings.ts'
import { startWorker, type Worker } from './worker.ts'

/** A stop takes both at most, of the ten seconds after which most supervisors, and the demo's launcher, kill. */
const finishTimeoutMs = 6_000
const releaseTimeoutMs = 9_000
const probeTimeoutMs = 2_000

const settings = readSettings()
const log = createLog({ name: 'worker', level: settings.logLevel })
logRevocations(log)
const database = logDatabaseFailures(log)
const { db, strictDb, booksDb, canaryDb } = openWorkerDatabases({
  url: settings.databaseUrl,
  onIdleError: database.failed,
})
const readiness = createReadiness({
  findState: () => databaseState(db),
  isLoginTooMighty: () => isLoginTooMighty(db),
  findOutdatedCollations: () => outdatedCollations(db),
  ping: () => db.$client.query('select 1'),
  timeoutMs: probeTimeoutMs,
  log,
})
let worker: Worker | undefined
let stopping = false
const isReady = async () => !stopping && (worker?.isAtWork() ?? false) && (await readiness.isReady())
const metrics = settings.metricsPort === undefined ? undefined : createWorkerMetrics({ db })
const healthServer = metrics && createHealthServer({ metrics, isReady, obstacle: readiness.obstacle, log })
const stop = createStop({
  name: 'the worker',
  log,
  drainTimeoutMs: 0,
  releaseTimeoutMs,
  async release() {
    // Still starting: nothing is under way, and what starts would fail where its database is taken away.
    if (!worker) return
    await worker.stop(finishTimeoutMs)
    healthServer?.close()
    await Promise.all([db, strictDb, booksDb, canaryDb].map(({ $client }) => $client.end()))
  },
  exit: process.exit,
})
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal, () => {
    stopping = true
    stop(signal)
  })
}

await start()

async function start() {
  const obstacle = await readiness.findStartObstacle()
  if (stopping) return
  if (obstacle) giveUp(obstacle)
  if (healthServer) {
    const { metricsHost: host, metricsPort: port = 0 } = settings
    const where = { host, port, what: 'The metrics of the worker', variable: 'WORKER_METRICS_PORT' }
    const listening = await tryToListen(healthServer, where)
    if (!listening.ok) giveUp(listening.refusal)
  }
  const { baseUrl, secret, keys, signers, logCopy, networks, mailer, sentBody } = settings
  worker = await startWorker({
    db,
    strictDb,
    booksDb,
    canaryDb,
    keys,
    signers,
    logCopy,
    networks,
    mailer,
    sentBody,
    baseUrl,
    secret,
    log,
    database,
    onJob: metrics?.onJob,
    onGivenUp: metrics?.onGivenUp,
    onLogChecked: metrics?.onLogChecked,
  })
  if (signers.length === 0) log.warn('RECEIPT_KEYS is not set: nobody gets a receipt of a revocation')
  else log.info({ keys: signers.map((one) => one.verifierKey) }, 'receipts are checked with these keys')
  if (signers.length > 0 && !logCopy && !settings.isDemo)
    log.warn('LOG_COPY is not set: what is revoked after a backup can only be applied again from these logs')
  if (!mailer) log.warn('SMTP_URL is not set: mails wait until it is')
  log.info('the worker works')
  process.send?.('ready')
}

function readSettings() {
  try {
    const all = env()
    const isDemo = all.DEMO === '1'
    return {
      ...readWorkerSettings(all),
      isDemo,
      databaseUrl: all.DATABASE_URL,
      logLevel: all.LOG_LEVEL,
      metricsPort: all.WORKER_METRICS_PORT,
      metricsHost: all.METRICS_HOST,
      networks: all.WEBHOOK_NETWORKS,
      mailer: all.SMTP_URL
        ? createMailer({ url: all.SMTP_URL, from: all.MAIL_FROM })
        : isDemo
          ? mailerOfTheDemo
          : null,
      sentBody: isDemo ? ('kept' as const) : ('emptied' as const),
    }
  } catch (error) {
    return giveUp((error as Error).message)
  }
}

function giveUp(message: string): never {
  console.error(message)
  process.exit(1)
}
