import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { migrate } from '#db/migrate.ts'
import { readKeyring } from '#lib/process/keyring.ts'
import { checkoutFolder, dataFolder } from '../checkout.ts'
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres/postgres.ts'
import { forgetMisleadingVariables } from '../supervise/clean-environment.ts'
import { tryLock, waitForLock } from '../supervise/lock.mjs'
import { showStep } from '../supervise/progress.ts'
import { listenForStop } from '../supervise/stop-request.ts'
import { buildWeb } from '../web-build.ts'
import { readArguments, type Start } from './arguments.ts'
import { demoBanner } from './banner.ts'
import { demoToken } from './demo-token.ts'
import { demoHost, readDemoPorts, refuseTakenPorts } from './ports.ts'
import { demoSecrets } from './secrets.ts'
import { seedDemo, seedManyTokens } from './seed-demo.ts'
import { reportEnding, startServer } from './servers.ts'

type Kind = Start['kind']

/** What has to be stopped, the newest first. */
const started: { name: string; stop: () => Promise<void> }[] = []
const request = listenForStop()

try {
  const start = readArguments(process.argv.slice(2))
  forgetMisleadingVariables()
  await run(start)
  process.exitCode = 0
} catch (error) {
  if (!request.signal.aborted) console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = request.exitCode() ?? 1
} finally {
  await stopEverything()
}
process.exit()

/** Comes back when somebody asked it to stop while it ran; throws when it could not run on. */
async function run({ kind, from, tokens }: Start) {
  const { signal } = request
  const ports = readDemoPorts(process.env)
  const dataDir = join(dataFolder, kind)
  /** Stands from the start of the servers to their orderly end: without the latter they may still hold their ports. */
  const runningMark = join(dataDir, 'running')
  await mkdir(dataFolder, { recursive: true })
  await takeLock(kind)
  const wasKilled = (await stat(runningMark).catch(() => undefined)) !== undefined
  await refuseTakenPorts(ports, { patienceMs: wasKilled ? 10_000 : 0, command: `npm run ${kind}` })
  if (from === 'fresh') {
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
  if (tokens !== undefined) {
    const count = tokens.toLocaleString('en')
    const done = await showStep(`${count} further tokens`, (note) =>
      seedManyTokens(database.ownerUrl, tokens, note),
    )
    if (done === 'kept') {
      console.log(
        `  There are further tokens already, and they stay. For others: npm run ${kind} -- --fresh --tokens ${tokens}`,
      )
    }
    signal.throwIfAborted()
  }
  if (kind === 'demo')
    await showStep('Production build', (note) => buildWeb({ when: 'changed', signal, onProgress: note }))

  const introspectionClient = `demo:${secrets.introspection}`
  const environment = {
    ...process.env,
    NODE_ENV: kind === 'demo' ? 'production' : 'development',
    NEXT_TELEMETRY_DISABLED: '1',
    DEMO: '1',
    HOST: demoHost,
    PORT: `${ports.web}`,
    GATEWAY_PORT: `${ports.gateway}`,
    METRICS_PORT: `${ports.metrics}`,
    DATABASE_URL: database.appUrl,
    NEXTAUTH_SECRET: secrets.session,
    ENCRYPTION_KEYS: secrets.encryption,
    RECEIPT_KEYS: secrets.receipts,
    PUBLIC_STATUS: '1',
    INTROSPECTION_CLIENTS: introspectionClient,
    // A receiver that somebody tries out runs on this machine.
    WEBHOOK_NETWORKS: process.env.WEBHOOK_NETWORKS || '127.0.0.0/8,::1/128',
  } as const
  await writeFile(runningMark, '')
  started.unshift({ name: '', stop: () => rm(runningMark, { force: true }) })
  /** In development a process starts again where a file that it has imported changes; of the web server Next takes care. */
  const restarted = kind === 'dev' ? ['--watch', '--watch-preserve-output'] : []
  const start = (name: string, how: ServerStart) =>
    startDemoServer(name, { ...how, kind, dataDir, environment })
  const gateway = await start('gateway', {
    ...{ script: 'gateway/main.ts', nodeArguments: restarted },
    readyWhen: { url: `http://${demoHost}:${ports.gateway}/` },
  })
  const web = await start('web server', {
    ...{ script: 'app/server.ts', scriptArguments: kind === 'dev' ? ['--dev'] : [] },
    // In development each page is compiled when somebody asks for it.
    readyWhen: {
      url: `http://${demoHost}:${ports.web}/${kind === 'dev' ? 'healthz' : 'sign-in'}`,
      status: 200,
    },
  })
  const worker = await start('worker', {
    ...{ script: 'worker/main.ts', nodeArguments: restarted },
    readyWhen: 'it says so',
  })

  const token = await demoToken(database.appUrl, dataDir, keys)
  const logFiles = [web.logFile, gateway.logFile, worker.logFile].map((file) =>
    relative(checkoutFolder, file),
  )
  console.log(demoBanner({ kind, ports, token, introspectionClient, logFiles }))

  const stopAsked = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined))
  })
  const failure = await Promise.race([
    stopAsked,
    web.exited.then(() => reportEnding(web)),
    gateway.exited.then(() => reportEnding(gateway)),
    worker.exited.then(() => reportEnding(worker)),
    database.exited.then(() => 'PostgreSQL ended.'),
  ])
  if (failure !== undefined && !signal.aborted) throw new Error(`${failure}\nEverything is stopped.`)
}

/** One that was asked to stop a moment ago may need that moment. */
async function takeLock(kind: Kind) {
  const name = join(dataFolder, kind)
  const lock = (await tryLock(name)) ?? (await waitForLock(name, { timeoutMs: 5_000 }))
  if (!lock)
    throw new Error(
      `"npm run ${kind}" of this checkout is running already. Stop it with Ctrl-C, or use that one.`,
    )
  started.push({ name: '', stop: lock.release })
}

type ServerOptions = Parameters<typeof startServer>[0]
type ServerStart = Pick<ServerOptions, 'script' | 'nodeArguments' | 'scriptArguments' | 'readyWhen'>
type Where = { kind: Kind; dataDir: string }

async function startDemoServer(
  name: string,
  { kind, dataDir, ...how }: ServerStart & Pick<ServerOptions, 'environment'> & Where,
) {
  const logFile = join(dataDir, `${name.replace(' ', '-').toLowerCase()}.log`)
  const server = await showStep(`${name[0]?.toUpperCase()}${name.slice(1)}`, () =>
    startServer({
      ...{ ...how, name, logFile, signal: request.signal },
      onLine: kind === 'dev' ? (line) => console.log(`${name} | ${line}`) : undefined,
    }),
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
