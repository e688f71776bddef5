import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAnswersUnderWay } from '#lib/http/answers-under-way.ts'
import { trustOf } from '#lib/http/client-address.ts'
import { headersOfNoPage } from '#lib/http/security-headers.ts'
import { closeDatabase, getDatabase } from '#lib/process/database.ts'
import { databaseState, isLoginTooMighty, outdatedCollations } from '#lib/process/database-state.ts'
import type { Env } from '#lib/process/env.ts'
import { createHealthServer } from '#lib/process/health-server.ts'
import { downloadStallSeconds } from '#lib/process/limits.ts'
import { tryToListen } from '#lib/process/listen.ts'
import { log } from '#lib/process/log.ts'
import { createReadiness } from '#lib/process/readiness.ts'
import { shareAnswer } from '#lib/process/shared-answer.ts'
import { createStop } from '#lib/process/stop.ts'
import { webCounters } from '#lib/process/web-counters.ts'
import { logRevocations } from '#lib/tokens/log-revocations.ts'
import { answerByHand } from './_server/by-hand.ts'
import { type AnswerCompressed, readCompressedFiles } from './_server/compressed-files.ts'
import { consoleToLog } from './_server/console-lines.ts'
import { answerText, createGate, methods } from './_server/gate.ts'
import { readKnownActions } from './_server/known-actions.ts'
import { type Mode, readSettings } from './_server/settings.ts'

const dir = fileURLToPath(new URL('..', import.meta.url))
const probeTimeoutMs = 2_000
const probeEveryMs = 1_000

const isDevelopment = process.argv.includes('--dev') || process.env.NODE_ENV === 'development'
const mode: Mode = isDevelopment ? 'development' : 'production'
Object.assign(process.env, { NODE_ENV: mode })

/** The web server: everything that a browser asks for. `--dev` compiles pages as they are asked for. */
async function start() {
  const env = checkedEnv()
  if (mode === 'production' && !existsSync(`${dir}.next/BUILD_ID`)) {
    fail('There is no build of the web server yet. Make it with: npm run build')
  }
  logRevocations(log)
  const readiness = createReadiness({
    findState: () => databaseState(getDatabase()),
    isLoginTooMighty: () => isLoginTooMighty(getDatabase()),
    findOutdatedCollations: () => outdatedCollations(getDatabase()),
    ping: () => getDatabase().$client.query('select 1'),
    timeoutMs: probeTimeoutMs,
    log,
  })
  const obstacle = await readiness.findStartObstacle()
  if (obstacle) fail(obstacle)

  const server = createServer({
    maxHeaderSize: 32 * 1024,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    // Longer than the minute after which load balancers close theirs, so that ours is never the first.
    keepAliveTimeout: 65_000,
    // The gate refuses it with our headers; Node's own refusal has none.
    requireHostHeader: false,
    // Next listens for upgrades, which only its development server answers; others would stay open for ever.
    shouldUpgradeCallback: () => mode === 'development',
  })
  if (mode === 'production') {
    // Who takes nothing of an answer keeps its connection no longer than the place of a download.
    server.timeout = downloadStallSeconds * 1_000
    consoleToLog(console, log)
    process.removeAllListeners('warning')
    process.on('warning', (warning) => console.warn(warning))
  }
  // Imported late: what is loaded here looks at NODE_ENV.
  const { default: createNext } = await import('next')
  const next = createNext({
    dev: mode === 'development',
    dir,
    hostname: env.HOST,
    port: env.PORT,
    httpServer: server,
  })
  await next.prepare()
  const ownOrigin = env.NEXTAUTH_URL ? new URL(env.NEXTAUTH_URL) : null
  const headers = headersOfNoPage({ https: ownOrigin?.protocol === 'https:' })
  const handleByNext = next.getRequestHandler()
  // In development there is no build.
  const answerCompressed: AnswerCompressed =
    mode === 'production' ? await readCompressedFiles(`${dir}.next/static`, '/_next/static/') : () => false
  const gate = createGate({
    headers,
    ownOrigin,
    hostNames: env.DEMO === '1' ? 'loopback' : 'any',
    trust: trustOf(env.TRUSTED_PROXIES),
    log,
    // In development there is no build, and its actions come and go.
    isKnownAction: mode === 'production' ? readKnownActions(`${dir}.next`) : () => true,
    securityContact:
      env.SECURITY_CONTACTS.length > 0 && env.SECURITY_EXPIRES
        ? { contacts: env.SECURITY_CONTACTS, expires: env.SECURITY_EXPIRES }
        : null,
    isReady: shareAnswer(readiness.isReady, { forMs: probeEveryMs }),
    next: async (request, response) => {
      if (!answerCompressed(request, response)) await handleByNext(request, response)
    },
  })

  let warnedOfProxy = env.TRUSTED_PROXIES !== ''
  const answers = createAnswersUnderWay()
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answers.note(request, response)
    if (!warnedOfProxy && request.headers['x-forwarded-for'] !== undefined) {
      warnedOfProxy = true
      log.warn(
        { neighbour: request.socket.remoteAddress },
        'a request had X-Forwarded-For, which is not believed. If a proxy of yours stands there, name it in TRUSTED_PROXIES: else all people share its address',
      )
    }
    gate(request, response).catch((error: unknown) => {
      log.error({ err: error, method: request.method }, 'a request failed')
      if (response.headersSent) response.destroy()
      else answerText(response, 500, 'Something went wrong')
    })
  }
  server.on('request', handle)
  server.on('checkExpectation', handle)
  answerByHand(server, { headers, answers, log, methods })
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      fail(`Port ${env.PORT} of ${env.HOST} is taken. Choose another one: PORT=…`)
    if (error.code === 'EACCES')
      fail(`Port ${env.PORT} may not be used by this user. Choose another one: PORT=…`)
    throw error
  })
  server.listen(env.PORT, env.HOST, () => {
    log.info(`the web server answers at http://${env.HOST}:${env.PORT}`)
    process.send?.('ready')
  })
  if (env.WEB_METRICS_PORT !== undefined) {
    const healthServer = createHealthServer({ metrics: webCounters, ...readiness, log })
    const { METRICS_HOST: metricsHost, WEB_METRICS_PORT: port } = env
    const where = {
      host: metricsHost,
      port,
      what: 'The metrics of the web server',
      variable: 'WEB_METRICS_PORT',
    }
    const listening = await tryToListen(healthServer, where)
    if (!listening.ok) fail(listening.refusal)
    // It ends with the process and holds up no stop.
    healthServer.unref()
  }
  stopWhenAsked(server, () => next.close())
}

function checkedEnv(): Env {
  try {
    const { env, set } = readSettings(process.env, mode)
    Object.assign(process.env, set)
    log.level = env.LOG_LEVEL
    return env
  } catch (error) {
    return fail((error as Error).message)
  }
}

/** A stop takes both at most, of the ten seconds after which most supervisors, and the demo's launcher, kill. */
const drainTimeoutMs = mode === 'production' ? 7_000 : 0
const releaseTimeoutMs = 2_000

function stopWhenAsked(server: Server, closeNext: () => Promise<void>) {
  const release = async () => {
    await closeNext()
    await closeDatabase()
  }
  const stop = createStop({
    name: 'the web server',
    log,
    server,
    release,
    drainTimeoutMs,
    releaseTimeoutMs,
    exit: process.exit,
  })
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  if (process.send) process.on('disconnect', () => stop('the process that started it is gone'))
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

await start()
