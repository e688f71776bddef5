import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { leash } from '../supervise/leash.mjs'

/** Where Debian's package postgresql-15 puts its programs: the embedded one has no pg_dump. */
const programs = '/usr/lib/postgresql/15/bin'

export const hasInstalledPostgres = ['initdb', 'pg_basebackup', 'pg_dump', 'pg_restore', 'psql'].every(
  (name) => existsSync(join(programs, name)),
)

const patienceMs = 30_000

/** PostgreSQL refuses to run as root. */
function systemUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

export type InstalledServer = {
  /** Its data are in the folder of this name. */
  name: string
  port: number
  pid: number
  /** Ends connections and statements, and writes all down. */
  stop(): Promise<void>
  /** SIGKILL: nothing of it answers any more when this is done. */
  kill(): Promise<void>
}

/** Of a server, instead of ours: `{ wal_level: 'replica' }`. */
type ServerSettings = Record<string, string | number>

/**
 * A folder of the user that the servers run as, with as many servers in it as are wanted. `folder`: made where it is
 * missing; else a temporary one, which goes with the last server. Throws a sentence where PostgreSQL 15 is not installed.
 */
export async function openServerFolder(options: { folder?: string } = {}) {
  if (!hasInstalledPostgres) throw new Error('This needs PostgreSQL 15: apt-get install postgresql-15')
  const user = systemUser()
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'servers-')))
  await mkdir(folder, { recursive: true, mode: 0o755 })
  if (user) chownSync(folder, user.uid, user.gid)
  const running = new Set<InstalledServer>()

  /** Runs a script of bash. Throws what it printed where it fails. */
  async function shell(
    script: string,
    {
      as,
      env = {},
      cwd = folder,
    }: { as: 'postgres' | 'ourselves'; env?: Record<string, string>; cwd?: string },
  ): Promise<string> {
    const child = spawn('bash', ['-eu', '-c', script], {
      cwd,
      env: { ...process.env, ...env, PATH: `${programs}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(as === 'postgres' && user),
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`It ended with ${code}: ${script}\n${said}`)
    return said
  }

  async function start(name: string, port: number, settings: ServerSettings = {}): Promise<InstalledServer> {
    const log = await open(join(folder, `${name}.log`), 'a')
    const all: ServerSettings = {
      ...{ port, listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC' },
      ...{ max_connections: 50, wal_level: 'replica', fsync: 'off' },
      ...{ min_wal_size: '2MB', max_wal_size: '64MB' },
      ...settings,
    }
    const child = spawn(
      join(programs, 'postgres'),
      ['-D', join(folder, name), ...Object.entries(all).flatMap((setting) => ['-c', setting.join('=')])],
      { cwd: '/', stdio: ['ignore', log.fd, log.fd], detached: true, ...user },
    )
    leash(child, { signal: 'INT', ends: 'process' })
    const exited = once(child, 'exit')
    await log.close()
    const end = async (signal: NodeJS.Signals) => {
      running.delete(server)
      child.kill(signal)
      await exited
    }
    const server = {
      ...{ name, port, pid: child.pid as number },
      stop: () => end('SIGINT'),
      async kill() {
        await end('SIGKILL')
        // Its children end by themselves as soon as they notice.
        await until(async () => !(await answers(port)), `${name} is silent`)
      },
    }
    running.add(server)
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended, see ${folder}/${name}.log`)
      return answers(port)
    }, `${name} answers`)
    return server
  }

  return {
    folder,
    shell,
    start,
    freePort,
    /** An empty one, which knows no role but `postgres`. `lines`: of its postgresql.conf. */
    async create(name: string, lines = '', settings: ServerSettings = {}): Promise<InstalledServer> {
      await shell(
        `initdb --no-sync --wal-segsize=1 --pgdata=${name} --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8
         cat >> ${name}/postgresql.conf <<'SETTINGS'\n${lines}\nSETTINGS`,
        { as: 'postgres' },
      )
      return start(name, await freePort(), settings)
    },
    /** A standby of `primary` that streams from it, and that it knows by `name`. */
    async createStandby(
      name: string,
      primary: InstalledServer,
      settings: ServerSettings = {},
    ): Promise<InstalledServer> {
      const from = `host=127.0.0.1 port=${primary.port} user=postgres`
      await shell(
        `pg_basebackup --no-sync --pgdata=${name} --dbname='${from}' --wal-method=stream --checkpoint=fast
         touch ${name}/standby.signal`,
        { as: 'postgres' },
      )
      const server = await start(name, await freePort(), {
        ...settings,
        primary_conninfo: `${from} application_name=${name}`,
      })
      await untilTrue(
        primary,
        `select from pg_stat_replication where application_name = '${name}' and state = 'streaming'`,
      )
      return server
    },
    async close() {
      await Promise.all([...running].map((server) => server.stop()))
      if (!options.folder) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** As the superuser of an installed server, on a connection of its own, one statement after the other. */
export async function ask({ port }: { port: number }, ...statements: string[]) {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** Until the query has a row. */
export const untilTrue = (server: { port: number }, query: string) =>
  until(async () => (await ask(server, query)).length > 0, query)

const answers = (port: number) =>
  ask({ port }, 'select').then(
    () => true,
    () => false,
  )

async function until(holds: () => Promise<boolean>, what: string) {
  const deadline = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until: ${what}`)
    await pause(50)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
