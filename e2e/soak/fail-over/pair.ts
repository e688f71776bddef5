import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, chown, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { migrate } from '#db/migrate.ts'
import { freePort } from '../../fixtures/product.ts'
import { openWire } from '../faults/network.ts'
import { type StagedDatabase, trySignal } from '../faults/stage.ts'

/** Where Debian's package postgresql-15 puts its programs. */
const programs = '/usr/lib/postgresql/15/bin'
const patienceMs = 30_000

/** A primary, a standby that every COMMIT waits for, and a wire that leads to whichever is the primary. */
export type Pair = StagedDatabase & {
  appUrl: string
  /** Kills the primary, promotes the standby, leads the wire to it and gives it a new standby. */
  failOver(): Promise<{ downMs: number }>
}

type Server = { name: string; folder: string; port: number; child: ChildProcess }

/** Throws a sentence where the programs are not installed. */
export async function startPair(folder: string): Promise<Pair> {
  if (!existsSync(join(programs, 'pg_basebackup'))) {
    throw new Error('The fail-over needs PostgreSQL 15: apt-get install postgresql-15')
  }
  const user = systemUser()
  const home = join(folder, 'pair')
  await mkdir(home, { recursive: true, mode: 0o755 })
  if (user) await chown(home, user.uid, user.gid)

  const run = (program: string, args: string[]) => {
    const { status, stderr } = spawnSync(join(programs, program), args, { cwd: '/', ...user })
    if (status !== 0) throw new Error(`${program} failed:\n${stderr}`)
  }
  const start = async (name: string, settings: Record<string, string>): Promise<Server> => {
    const port = await freePort()
    const data = join(home, name)
    const log = await open(join(home, `${name}.log`), 'a', 0o644)
    const args = Object.entries({ ...shared, ...settings, port: `${port}` }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ])
    const child = spawn(join(programs, 'postgres'), ['-D', data, ...args], {
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...user,
    })
    await log.close()
    await untilAnswers(port)
    return { name, folder: data, port, child }
  }

  run('initdb', [
    '-D',
    join(home, 'first'),
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ])
  await appendFile(join(home, 'first', 'pg_hba.conf'), 'host replication postgres 127.0.0.1/32 trust\n')
  let primary = await start('first', {})
  await ask(primary.port, [
    `create role tokens_owner login createrole createdb password 'campaign'`,
    `create role tokens_web login password 'campaign'`,
    'create database tokens owner tokens_owner',
  ])
  const wire = await openWire(primary)
  const url = (login: string) => `postgres://${login}:campaign@127.0.0.1:${wire.port}/tokens`
  await migrate({ ownerUrl: url('tokens_owner'), appUrl: url('tokens_web') })

  let generation = 0
  const addStandby = async (): Promise<Server> => {
    generation += 1
    const name = `standby_${generation}`
    const data = join(home, name)
    run('pg_basebackup', [
      ...[
        '-D',
        data,
        '-h',
        '127.0.0.1',
        '-p',
        `${primary.port}`,
        '-U',
        'postgres',
        '-X',
        'stream',
        '-c',
        'fast',
      ],
    ])
    await writeFile(join(data, 'standby.signal'), '')
    if (user) await chown(join(data, 'standby.signal'), user.uid, user.gid)
    const server = await start(name, {
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}`,
    })
    await untilTrue(
      primary.port,
      `select from pg_stat_replication where application_name = '${name}' and state = 'streaming'`,
    )
    await ask(primary.port, [
      `alter system set synchronous_standby_names = '${name}'`,
      'select pg_reload_conf()',
    ])
    await untilTrue(
      primary.port,
      `select from pg_stat_replication where application_name = '${name}' and sync_state = 'sync'`,
    )
    return server
  }
  let standby = await addStandby()

  return {
    ownerUrl: url('tokens_owner'),
    appUrl: url('tokens_web'),
    pid: () => primary.child.pid as number,
    fillDisk: undefined,
    async failOver() {
      const old = primary
      const downAt = performance.now()
      await end(old, 'SIGKILL')
      // Of a killed server the children end by themselves; nothing of it answers any more.
      await untilSilent(old.port)
      await ask(standby.port, [
        'select pg_promote()',
        `alter system set synchronous_standby_names = ''`,
        'select pg_reload_conf()',
      ])
      await untilTrue(standby.port, 'select where not pg_is_in_recovery()')
      primary = standby
      wire.leadTo(primary.port)
      const downMs = performance.now() - downAt
      standby = await addStandby()
      await rm(old.folder, { recursive: true, force: true })
      return { downMs }
    },
    async stop() {
      await end(standby, 'SIGINT')
      await end(primary, 'SIGINT')
      await wire.close()
    },
  }
}

const shared = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  wal_level: 'replica',
  wal_keep_size: '256MB',
  hot_standby: 'on',
  timezone: 'UTC',
}

/** PostgreSQL refuses to run as root. */
function systemUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres']).stdout.toString())
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function end({ child }: Server, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  if (signal === 'SIGKILL') trySignal(-(child.pid as number), signal)
  else child.kill(signal)
  await exited
}

async function connected<T>(port: number, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const ask = (port: number, statements: string[]) =>
  connected(port, async (client) => {
    for (const statement of statements) await client.query(statement)
  })

const untilTrue = (port: number, query: string) =>
  until(async () => (await connected(port, (client) => client.query(query))).rows.length > 0, query)

const answers = (port: number) => connected(port, async () => true).catch(() => false)

const untilAnswers = (port: number) => until(() => answers(port), `port ${port} answers`)
const untilSilent = (port: number) => until(async () => !(await answers(port)), `port ${port} is silent`)

async function until(holds: () => Promise<boolean>, what: string) {
  const deadline = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`)
    await pause(50)
  }
}
