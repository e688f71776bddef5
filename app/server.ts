import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { trustOf } from '#lib/client-address.ts'
import { closeDatabase, getDatabase } from '#lib/database.ts'
import { databaseState } from '#lib/database-state.ts'
import { type Env, readEnv } from '#lib/env.ts'
import { log } from '#lib/log.ts'
import { headersOfNoPage } from '#lib/security-headers.ts'
import { answer, createGate } from './_server/gate.ts'
import { completeAuthSettings, type Mode } from './_server/settings.ts'

const dir = fileURLToPath(new URL('..', import.meta.url))
const probeTimeoutMs = 2_000
/** The demo's launcher and most supervisors lose their patience after ten seconds. */
const shutdownPatienceMs = 7_000

const isDevelopment = process.argv.includes('--dev') || process.env.NODE_ENV === 'development'
const mode: Mode = isDevelopment ? 'development' : 'production'
Object.assign(process.env, { NODE_ENV: mode })

/** The web server: everything that a browser asks for. `--dev` compiles pages as they are asked for. */
async function start() {
  const env = checkedEnv()
  if (mode === 'production' && !existsSync(`${dir}.next/BUILD_ID`)) {
    fail('There is no build of the web server yet. Make it with: npm run build')
  }
  await checkDatabase()

  const server = createServer({
    maxHeaderSize: 32 * 1024,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    // Longer than the minute after which load balancers close theirs, so that ours is never the first.
    keepAliveTimeout: 65_000,
  })
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
  const gate = createGate({
    headers,
    ownOrigin,
    trust: trustOf(env.TRUSTED_PROXIES),
    isReady,
    next: next.getRequestHandler(),
  })

  server.on('request', (request, response) => {
    gate(request, response).catch((error: unknown) => {
      log.error({ err: error, method: request.method }, 'a request failed')
      if (response.headersSent) response.destroy()
      else answer(response, 500, 'Something went wrong')
    })
  })
  server.on('clientError', refuseMalformed(headers))
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
  stopWhenAsked(server, () => next.close())
}

function checkedEnv(): Env {
  try {
    const { set, missing } = completeAuthSettings(readEnv(process.env), mode)
    if (missing.length > 0)
      fail(`The environment is not complete:\n${missing.map((line) => `  ${line}`).join('\n')}`)
    Object.assign(process.env, set)
    const env = readEnv(process.env)
    trustOf(env.TRUSTED_PROXIES)
    return env
  } catch (error) {
    return fail((error as Error).message)
  }
}

/** A database that this code cannot work on ends the start; one that is away for a while does not. */
async function checkDatabase() {
  let state: Awaited<ReturnType<typeof databaseState>>
  try {
    state = await databaseState(getDatabase())
  } catch (error) {
    log.warn({ err: error }, 'the database does not answer; /readyz says so until it does')
    return
  }
  switch (state) {
    case 'ready':
      wasReady = true
      return
    case 'not-migrated':
      return fail('The database is not at the newest schema. Bring it there with: npm run db:migrate')
    case 'record-unsafe':
      return fail(
        'The role of the application could change the audit record. Take update, delete and truncate on audit_events, revocations and tokens from it.',
      )
  }
}

let wasReady = false

/** Ready: the database answers, and has once been found to be one that this code can work on. */
async function isReady(): Promise<boolean> {
  const db = getDatabase()
  const probe = wasReady
    ? db.$client.query('select 1').then(() => true)
    : databaseState(db).then((state) => state === 'ready')
  const timeout = new Promise<boolean>((resolve) => setTimeout(resolve, probeTimeoutMs, false).unref())
  const ready = await Promise.race([probe.catch(() => false), timeout])
  wasReady ||= ready
  return ready
}

/** Finishes what is being answered, then lets go of everything. A second signal ends at once. */
function stopWhenAsked(server: Server, closeNext: () => Promise<void>) {
  let isStopping = false
  const stop = async (reason: string) => {
    if (isStopping) return process.exit(1)
    isStopping = true
    log.info(`the web server stops (${reason})`)
    setTimeout(() => server.closeAllConnections(), shutdownPatienceMs).unref()
    await new Promise((resolve) => server.close(resolve))
    await closeNext()
    await closeDatabase()
    process.exit(0)
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  if (process.send) process.on('disconnect', () => stop('the process that started it is gone'))
}

const statusLines: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** What is no HTTP never becomes a request: the answer is written by hand. */
function refuseMalformed(headers: Record<string, string>) {
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' })
  const tail = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable) {
      socket.destroy()
      return
    }
    const status = statusLines[error.code ?? ''] ?? '400 Bad Request'
    socket.end(`HTTP/1.1 ${status}\r\n${tail}\r\n`)
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

await start()
