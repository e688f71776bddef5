import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'

/** Where Debian's package postgresql-15 puts its programs: the embedded one has no pg_dump. */
const programs = '/usr/lib/postgresql/15/bin'

export const hasInstalledPostgres = ['initdb', 'pg_basebackup', 'pg_dump', 'pg_restore', 'psql'].every(
  (name) => existsSync(join(programs, name)),
)

const patienceMs = 20_000

/** PostgreSQL refuses to run as root. */
function systemUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

type RunningServer = { port: number; stop(): Promise<void> }

/** A temporary folder of the user that the servers run as, with as many servers in it as are wanted. */
export async function openServerFolder() {
  const user = systemUser()
  const folder = await mkdtemp(join(tmpdir(), 'restore-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const running = new Set<RunningServer>()

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

  async function start(name: string, port: number): Promise<RunningServer> {
    const log = await open(join(folder, `${name}.log`), 'a')
    const settings = {
      ...{ port, listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC' },
      ...{
        fsync: 'off',
        max_connections: 50,
        wal_level: 'replica',
        min_wal_size: '2MB',
        max_wal_size: '64MB',
      },
    }
    const child = spawn(
      join(programs, 'postgres'),
      ['-D', join(folder, name), ...Object.entries(settings).flatMap((setting) => ['-c', setting.join('=')])],
      { cwd: '/', stdio: ['ignore', log.fd, log.fd], ...user },
    )
    const exited = once(child, 'exit')
    await log.close()
    const server = {
      port,
      async stop() {
        running.delete(server)
        child.kill('SIGINT')
        await exited
      },
    }
    running.add(server)
    const deadline = performance.now() + patienceMs
    while (!(await answers(port))) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${name} does not answer.`)
      await pause(50)
    }
    return server
  }

  return {
    folder,
    shell,
    start,
    freePort,
    /** An empty one, which knows no role but `postgres`. `settings`: lines of its postgresql.conf. */
    async create(name: string, settings = ''): Promise<RunningServer> {
      await shell(
        `initdb --no-sync --wal-segsize=1 --pgdata=${name} --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8
         cat >> ${name}/postgresql.conf <<'SETTINGS'\n${settings}\nSETTINGS`,
        { as: 'postgres' },
      )
      return start(name, await freePort())
    },
    async close() {
      await Promise.all([...running].map((server) => server.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
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
