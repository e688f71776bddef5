import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { migrate } from '#db/migrate.ts'
import { testKeysText } from '#lib/encryption/test-keyring.ts'
import { startTestMailServer, type TestMailServer } from '#lib/notifications/mails/test-mail-server.ts'
import { startTestReceiver } from '#lib/webhooks/delivery/test-receiver.ts'
import { checkoutFolder } from '#tools/checkout.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { type SupervisedProcess, startSupervised } from '#tools/supervise/supervised-process.ts'
import { freePort } from '#tools/test-product/product.ts'
import { openWire, type Wire } from '#tools/wire.ts'

export const introspectionClient = { id: 'campaign', secret: 'a secret of the campaign' }
export const secret = 'only-for-the-fault-campaign-0123456789'

/** A process of the product, started again whenever it ends, as a service manager does. */
export type Member = {
  kind: 'web' | 'gateway' | 'worker'
  name: string
  /** Where people or programs reach it; of the worker where its health is. */
  url: string
  healthUrl: string
  /** Between it and the database. */
  wire: Wire
  pid(): number | undefined
  /** Moves its clock, not the time that it measures durations with. */
  moveClock(seconds: number): Promise<void>
  stop(): Promise<void>
}

export type StagedDatabase = {
  ownerUrl: string
  pid(): number
  /** Fills the disk that it stands on; the answer empties it again. Undefined where it has no disk of its own. */
  fillDisk: (() => Promise<() => Promise<void>>) | undefined
  stop(): Promise<void>
}

export type Stage<D extends StagedDatabase = StagedDatabase> = {
  folder: string
  database: D
  members: Member[]
  mailServer: TestMailServer
  mailWire: Wire
  receiver: Awaited<ReturnType<typeof startTestReceiver>>
  receiverWire: Wire
  receiverUrl: string
  /** Whether clocks can be moved here. */
  hasMovableClocks: boolean
  stop(): Promise<void>
}

const startAgainAfterMs = 250
const diskBytes = 2 * 1024 ** 3

export async function buildStage<D extends StagedDatabase & { appUrl: string }>(
  folder: string,
  startDatabase: (folder: string) => Promise<D>,
): Promise<Stage<D>> {
  await mkdir(folder, { recursive: true })
  const database = await startDatabase(folder)
  const mailServer = await startTestMailServer()
  const mailWire = await openWire({ port: mailServer.port })
  const receiver = await startTestReceiver()
  const receiverWire = await openWire({ port: Number(new URL(receiver.url).port) })
  const library = clockLibrary()
  const shared = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    DEMO: '1',
    HOST: '127.0.0.1',
    NEXTAUTH_SECRET: secret,
    ENCRYPTION_KEYS: testKeysText,
    SMTP_URL: `smtp://127.0.0.1:${mailWire.port}`,
    WEBHOOK_NETWORKS: '127.0.0.0/8',
    INTROSPECTION_CLIENTS: `${introspectionClient.id}:${introspectionClient.secret}`,
    NEXT_TELEMETRY_DISABLED: '1',
  }
  const members: Member[] = []
  for (const { kind, script } of scripts) {
    for (const n of [1, 2]) {
      const name = `${kind} ${n}`
      const wire = await openWire({ port: Number(new URL(database.appUrl).port) })
      members.push(await startMember({ kind, name, script, shared, library, folder, wire, database }))
    }
  }
  return {
    folder,
    database,
    members,
    ...{ mailServer, mailWire, receiver, receiverWire },
    receiverUrl: `http://127.0.0.1:${receiverWire.port}/in`,
    hasMovableClocks: library !== undefined,
    async stop() {
      await Promise.all(members.map((member) => member.stop()))
      await Promise.all(
        [...members.map(({ wire }) => wire), mailWire, receiverWire].map((one) => one.close()),
      )
      await Promise.all([mailServer.stop(), receiver.stop()])
      await database.stop()
    },
  }
}

const scripts = [
  { kind: 'gateway', script: 'gateway/main.ts' },
  { kind: 'web', script: 'app/server.ts' },
  { kind: 'worker', script: 'worker/main.ts' },
] as const

type Start = {
  kind: Member['kind']
  name: string
  script: string
  shared: Record<string, string | undefined>
  library: string | undefined
  folder: string
  wire: Wire
  database: { appUrl: string }
}

async function startMember({ kind, name, script, shared, library, folder, wire, database }: Start) {
  const id = name.replace(' ', '-')
  const clockFile = join(folder, `${id}.clock`)
  await writeFile(clockFile, '+0\n')
  const databaseUrl = new URL(database.appUrl)
  databaseUrl.port = `${wire.port}`
  const [port, metricsPort] = [await freePort(), await freePort()]
  const environment = {
    ...shared,
    DATABASE_URL: databaseUrl.href,
    GATEWAY_NAME: name,
    ...(kind === 'gateway' && { GATEWAY_PORT: `${port}`, METRICS_PORT: `${metricsPort}` }),
    ...(kind === 'web' && { PORT: `${port}` }),
    ...(kind === 'worker' && { WORKER_METRICS_PORT: `${metricsPort}` }),
    ...(library && {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    }),
  }
  let running: SupervisedProcess | undefined
  let isOver = false
  const keepRunning = (async () => {
    while (!isOver) {
      const log = openSync(join(folder, `${id}.log`), 'a', 0o600)
      running = startSupervised(process.execPath, [join(checkoutFolder, script)], {
        cwd: checkoutFolder,
        env: environment as unknown as NodeJS.ProcessEnv,
        stdio: ['ignore', log, log, 'ipc'],
      })
      closeSync(log)
      await running.exited
      running = undefined
      await pause(startAgainAfterMs)
    }
  })()
  const url = `http://127.0.0.1:${kind === 'worker' ? metricsPort : port}`
  return {
    kind,
    name,
    url,
    healthUrl: `${kind === 'web' ? url : `http://127.0.0.1:${metricsPort}`}/readyz`,
    wire,
    pid: () => running?.child.pid,
    moveClock: (seconds: number) => writeFile(clockFile, `${seconds < 0 ? '' : '+'}${seconds}\n`),
    async stop() {
      isOver = true
      if (running?.child.pid) trySignal(running.child.pid, 'SIGCONT')
      await running?.stop()
      await keepRunning
    },
  }
}

/** libfaketime, where Debian's package is installed. */
function clockLibrary(): string | undefined {
  const found = spawnSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null'])
  return found.stdout.toString().trim().split('\n')[0] || undefined
}

/** The embedded PostgreSQL, on a small disk of its own where one can be mounted. */
export async function startDatabaseOnOwnDisk(folder: string): Promise<StagedDatabase & { appUrl: string }> {
  const disk = join(folder, 'disk')
  await mkdir(disk, { recursive: true })
  const hasOwnDisk =
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes},mode=755`, 'tmpfs', disk]).status === 0
  const dataDir = join(disk, 'database')
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, durability: 'safe' })
  const { ownerUrl, appUrl, port } = server
  await migrate({ ownerUrl, appUrl })
  let isOver = false
  const keepRunning = (async () => {
    for (;;) {
      await server.exited
      if (isOver) return
      const next = await startEmbeddedPostgres({ dataDir, durability: 'safe', port }).catch(() => undefined)
      if (next) server = next
      // The disk may be full still.
      else await pause(startAgainAfterMs)
    }
  })()
  const filling = join(disk, 'filling')
  return {
    ownerUrl,
    appUrl,
    pid: () => server.pid,
    fillDisk: hasOwnDisk
      ? async () => {
          // Ends with an error when the disk is full: that is what it is for.
          spawnSync('dd', ['if=/dev/zero', `of=${filling}`, 'bs=1M'], { stdio: 'ignore' })
          return () => rm(filling, { force: true })
        }
      : undefined,
    async stop() {
      isOver = true
      await server.stop()
      await keepRunning
      if (hasOwnDisk) spawnSync('umount', [disk])
    },
  }
}

/** False where the process has ended meanwhile. */
export function trySignal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
