import type { AddressInfo } from 'node:net'
import { destination } from 'pino'
import { trustOf } from '#lib/client-address.ts'
import { env } from '#lib/env.ts'
import { openGatewayDatabases } from '#lib/gateway-databases.ts'
import { createLog } from '#lib/log.ts'
import { createUsageRecorder, writeUsesTo } from '#lib/tokens/usage.ts'
import { createVerifier, lookUpIn } from '#lib/tokens/verify.ts'
import { readIntrospectionClients } from './introspection-clients.ts'
import { createGateway } from './server.ts'
import { createBuiltInEngine } from './store-engine.ts'

/** For calls under way after a stop was asked for; most supervisors lose their patience after ten seconds. */
const drainTimeoutMs = 7_000

const settings = readSettings()
const logDestination = destination({ dest: 1, sync: false })
const log = createLog({ name: 'gateway', level: settings.logLevel, destination: logDestination })
const databases = openGatewayDatabases({
  url: settings.databaseUrl,
  onIdleError: (err) => log.warn({ err }, 'a connection to the database was lost'),
})
const usage = createUsageRecorder({
  write: writeUsesTo(databases.rest),
  onError: (err) => log.warn({ err }, 'the last use of tokens was not written, it will be tried again'),
})
const server = createGateway({
  verifier: createVerifier({ lookUp: lookUpIn(databases.lookUps) }),
  usage,
  engine: createBuiltInEngine({ db: databases.rest }),
  identifyClient: settings.identifyClient,
  trust: settings.trust,
  log,
})

server.once('error', (error: NodeJS.ErrnoException) => giveUp(listenFailure(error)))
server.listen(settings.port, settings.host, () => {
  const { address, port, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  log.info({ url }, `the API door listens on ${url}`)
  process.send?.({ listening: url })
  // A database that is not there yet is no reason to stop: calls are refused until it is.
  databases.warmUp().catch((err) => log.warn({ err }, 'the database is out of reach'))
})
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => stop(signal))

let stopping = false

/** Takes no more calls, finishes those under way, writes what is in memory, and goes. */
function stop(reason: string) {
  if (stopping) return
  stopping = true
  log.info({ reason }, 'the API door closes')
  const drain = setTimeout(() => server.closeAllConnections(), drainTimeoutMs)
  server.close(async () => {
    clearTimeout(drain)
    const lost = await usage.close()
    if (lost > 0) log.error({ tokens: lost }, 'the last use of some tokens could not be written')
    await databases.close()
    logDestination.flushSync()
    process.exit(0)
  })
}

function readSettings() {
  try {
    const { DATABASE_URL, HOST, GATEWAY_PORT, TRUSTED_PROXIES, INTROSPECTION_CLIENTS, LOG_LEVEL } = env()
    return {
      databaseUrl: DATABASE_URL,
      host: HOST,
      port: GATEWAY_PORT,
      trust: trustOf(TRUSTED_PROXIES),
      identifyClient: readIntrospectionClients(INTROSPECTION_CLIENTS),
      logLevel: LOG_LEVEL,
    }
  } catch (error) {
    return giveUp((error as Error).message)
  }
}

function listenFailure(error: NodeJS.ErrnoException): string {
  const where = `${settings.host}:${settings.port}`
  switch (error.code) {
    case 'EADDRINUSE':
      return `The API door cannot listen on ${where}: another program does. Set GATEWAY_PORT to a free port.`
    case 'EACCES':
      return `The API door may not listen on ${where}. Set GATEWAY_PORT to a port above 1023.`
    default:
      return `The API door cannot listen on ${where}: ${error.message}`
  }
}

function giveUp(message: string): never {
  console.error(message)
  process.exit(1)
}
