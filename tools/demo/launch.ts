import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { migrate } from '#db/migrate.ts'
import { readKeyring } from '#lib/encryption/keyring.ts'
import { checkoutFolder, dataFolder } from '../checkout.ts'
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres/postgres.ts'
import { forgetMisleadingVariables } from '../supervise/clean-environment.ts'
import { tryLock, waitForLock } from '../supervise/lock.mjs'
import { showStep } from '../supervise/progress.ts'
import { listenForStop } from '../supervise/stop-request.ts'
import { buildWeb } from '../web-build.ts'
import { demoToken } from './demo-token.ts'
import { demoHost, readDemoPorts, refuseTakenPorts } from './ports.ts'
import { demoSecrets } from './secrets.ts'
import { seedDemo } from './seed-demo.ts'
import { reportEnding, startServer } from './servers.ts'
import { demoSheet } from './sheet.ts'

const dataDir = join(dataFolder, 'demo')
/** Stands from the start of the servers to their orderly end: without the latter they may still hold their ports. */
const runningMark = join(dataDir, 'running')

/** What has to be stopped, the newest first. */
const started: { name: string; stop: () => Promise<void> }[] = []
const request = listenForStop()

try {
  const start = readArguments(process.argv.slice(2))
  forgetMisleadingVariables()
  await runDemo(start)
  process.exitCode = 0
} catch (error) {
  if (!request.signal.aborted) console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = request.exitCode() ?? 1
} finally {
  await stopEverything()
}
process.exit()

function readArguments(words: string[]): 'fresh' | 'as it is' {
  const unknown = words.find((word) => word !== '--fresh')
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. Usage: npm run demo [-- --fresh]`)
  return words.length > 0 ? 'fresh' : 'as it is'
}

/** Comes back when somebody asked a running demo to stop; throws when it could not run on. */
async function runDemo(start: 'fresh' | 'as it is') {
  const { signal } = request
  const ports = readDemoPorts(process.env)
  await mkdir(dataFolder, { recursive: true })
  await takeDemoLock()
  const wasKilled = (await stat(runningMark).catch(() => undefined)) !== undefined
  await refuseTakenPorts(ports, { patienceMs: wasKilled ? 10_000 : 0 })
  if (start === 'fresh') {
    await discardEmbeddedPostgres(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  }
  signal.throwIfAborted()

  const database = await showStep('PostgreSQL', (note) =>
    startEmbeddedPostgres({ dataDir, onProgress: note }),
  )
  started.unshift({ name: 'database', stop: database.stop })
  signal.throwIfAborted()
  await showStep('Tables', () => migrate(database))
  signal.throwIfAborted()
  const secrets = await demoSecrets(dataDir)
  const keys = readKeyring(secrets.encryption)
  await showStep('Demo data', (note) => seedDemo(database.ownerUrl, { keys, onProgress: note }))
  signal.throwIfAborted()
  await showStep('Production build', (note) => buildWeb({ when: 'changed', signal, onProgress: note }))

  const introspectionClient = `demo:${secrets.introspection}`
  const environment = {
    ...process.env,
    NODE_ENV: 'production',
    DEMO: '1',
    HOST: demoHost,
    PORT: `${ports.web}`,
    GATEWAY_PORT: `${ports.gateway}`,
    METRICS_PORT: `${ports.metrics}`,
    DATABASE_URL: database.appUrl,
    NEXTAUTH_SECRET: secrets.session,
    ENCRYPTION_KEYS: secrets.encryption,
    INTROSPECTION_CLIENTS: introspectionClient,
    // A receiver that somebody tries out runs on this machine.
    WEBHOOK_NETWORKS: process.env.WEBHOOK_NETWORKS || '127.0.0.0/8,::1/128',
  } as const
  await writeFile(runningMark, '')
  started.unshift({ name: '', stop: () => rm(runningMark, { force: true }) })
  const door = await startDemoServer('API door', {
    script: 'gateway/main.ts',
    environment,
    readyWhen: { url: `http://${demoHost}:${ports.gateway}/` },
  })
  const web = await startDemoServer('web server', {
    script: 'app/server.ts',
    environment,
    readyWhen: { url: `http://${demoHost}:${ports.web}/sign-in`, status: 200 },
  })
  const worker = await startDemoServer('worker', {
    script: 'worker/main.ts',
    environment,
    readyWhen: 'it says so',
  })

  const token = await demoToken(database.appUrl, dataDir, keys)
  const logFiles = [web.logFile, door.logFile, worker.logFile].map((file) => relative(checkoutFolder, file))
  console.log(demoSheet({ ports, token, introspectionClient, logFiles }))

  const stopAsked = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined))
  })
  const failure = await Promise.race([
    stopAsked,
    web.exited.then(() => reportEnding(web)),
    door.exited.then(() => reportEnding(door)),
    worker.exited.then(() => reportEnding(worker)),
    database.exited.then(() => 'PostgreSQL ended.'),
  ])
  if (failure !== undefined && !signal.aborted) throw new Error(`${failure}\nEverything is stopped.`)
}

/** A demo that was told to stop a moment ago may need that moment. */
async function takeDemoLock() {
  const name = join(dataFolder, 'demo')
  const lock = (await tryLock(name)) ?? (await waitForLock(name, { timeoutMs: 5_000 }))
  if (!lock)
    throw new Error('A demo of this checkout is running already. Stop it with Ctrl-C, or use that one.')
  started.push({ name: '', stop: lock.release })
}

async function startDemoServer(
  name: string,
  how: Pick<Parameters<typeof startServer>[0], 'script' | 'environment' | 'readyWhen'>,
) {
  const logFile = join(dataDir, `${name.replace(' ', '-').toLowerCase()}.log`)
  const server = await showStep(`${name[0]?.toUpperCase()}${name.slice(1)}`, () =>
    startServer({ ...how, name, logFile, signal: request.signal }),
  )
  started.unshift({ name, stop: server.stop })
  request.signal.throwIfAborted()
  return server
}

async function stopEverything() {
  for (const { name, stop } of started) {
    await (name ? showStep(`Stopping the ${name}`, stop) : stop()).catch((error) => {
      console.error(error)
      process.exitCode = 1
    })
  }
}
