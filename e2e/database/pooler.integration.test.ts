import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '#db/client.ts'
import { isPooledByTransaction } from '#db/queries/database/pooler.ts'
import { databaseState } from '#lib/process/database-state.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'

const { db, appUrl } = prepareTestDatabase()

const version = (() => {
  try {
    return /PgBouncer ([\d.]+)/.exec(execFileSync('pgbouncer', ['--version'], { encoding: 'utf8' }))?.[1]
  } catch {
    return undefined
  }
})()

test('without a pooler each connection has a process of its own', async () => {
  expect(await isPooledByTransaction(db.$client)).toBe(false)
})

describe.skipIf(version === undefined)('behind PgBouncer (Debian: pgbouncer)', () => {
  let folder: string
  const stops: (() => Promise<void>)[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'))
    await chmod(folder, 0o755)
  })
  afterAll(async () => {
    for (const stop of stops) await stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function through(mode: 'transaction' | 'session'): Promise<string> {
    const { hostname, port: serverPort, pathname, username, password } = new URL(appUrl)
    const port = await freePort()
    const users = join(folder, `${mode}.txt`)
    const settings = join(folder, `${mode}.ini`)
    await writeFile(users, `"${username}" "${password}"\n`, { mode: 0o644 })
    const lines = [
      '[databases]',
      `* = host=${hostname} port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = plain',
      `auth_file = ${users}`,
      `pool_mode = ${mode}`,
    ]
    await writeFile(settings, lines.join('\n'), { mode: 0o644 })
    // It refuses to run as root.
    const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
    const child = spawn('pgbouncer', [...asUser, settings], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    stops.push(() => {
      child.kill('SIGINT')
      child.kill('SIGTERM')
      return exited
    })
    await expect.poll(() => said).toContain('process up')
    return Object.assign(new URL(appUrl), { hostname: '127.0.0.1', port: `${port}`, pathname }).href
  }

  test.each([
    ['transaction', { is: 'pooled-by-transaction' }],
    ['session', { is: 'ready' }],
  ] as const)('pool_mode = %s', async (mode, state) => {
    const pooled = connect({ url: await through(mode), applicationName: 'test', maxConnections: 4 })
    try {
      expect(await databaseState(pooled)).toEqual(state)
    } finally {
      await pooled.$client.end()
    }
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
