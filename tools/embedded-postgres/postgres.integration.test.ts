import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { completeLinks, packageFolder, programsOf } from './binaries.ts'
import { knownHome } from './home.ts'
import { discardEmbeddedPostgres, type EmbeddedPostgres, startEmbeddedPostgres } from './postgres.ts'
import { servesData } from './postmaster-process.ts'
import { runToEnd } from './run-to-end.ts'

let dataDir: string
const running: EmbeddedPostgres[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-launcher-'))
  await chmod(dataDir, 0o755)
})

afterEach(async () => {
  for (const database of running.splice(0)) await database.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A data folder that a start made and left. */
let ready: string

beforeAll(async () => {
  ready = await mkdtemp(join(tmpdir(), 'partner-tokens-launcher-'))
  await chmod(ready, 0o755)
  await (await startEmbeddedPostgres({ dataDir: ready })).stop()
})

afterAll(() => rm(ready, { recursive: true, force: true }))

/** Of a start before: making it anew takes ten times as long as starting on it. */
const putData = () => execFileSync('cp', ['-a', join(ready, 'cluster'), dataDir])

const pgdata = () => join(dataDir, 'cluster', 'pgdata')

async function start(options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  const database = await startEmbeddedPostgres({ dataDir, ...options })
  running.push(database)
  return database
}

async function rows(url: string, query: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(query)).rows
  } finally {
    await client.end()
  }
}

describe('any database of ours', () => {
  let database: EmbeddedPostgres
  let folder: string

  beforeAll(async () => {
    // What a bare system or a foreign shell has: PostgreSQL must not care.
    vi.stubEnv('LANG', undefined)
    vi.stubEnv('LC_ALL', 'xx_XX.nonsense')
    vi.stubEnv('PGPORT', '1')
    folder = await mkdtemp(join(tmpdir(), 'partner-tokens-launcher-'))
    database = await startEmbeddedPostgres({ dataDir: folder, durability: 'throwaway' })
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('finds names in every script, whatever their case', async () => {
    await rows(database.ownerUrl, 'create extension pg_trgm')
    const [found] = await rows(
      database.ownerUrl,
      `select lower('СТРОЙ') as lower, 'Ναυτίλος' ilike '%ΥΤΊΛ%' as ilike,
        cardinality(show_trgm('Северный')) > 5 as has_trigrams`,
    )
    expect(found).toEqual({ lower: 'строй', ilike: true, has_trigrams: true })
  })

  test('lets its owner make roles and databases without being a superuser, and the app nothing', async () => {
    const { ownerUrl, appUrl } = database
    await rows(ownerUrl, 'create table secret (id int)')
    await rows(ownerUrl, 'create role worker nologin; grant worker to app')
    await rows(ownerUrl, 'create database another')
    expect(await rows(ownerUrl, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false },
    ])
    await expect(rows(appUrl, 'select * from secret')).rejects.toThrow('permission denied')
    await expect(rows(appUrl, 'create table mine (id int)')).rejects.toThrow('permission denied')
  })

  test('refuses a wrong password and the superuser', async () => {
    const wrong = new URL(database.ownerUrl)
    wrong.password = 'guess'
    await expect(rows(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
    wrong.username = 'postgres'
    await expect(rows(wrong.href, 'select 1')).rejects.toThrow('no pg_hba.conf entry')
  })
})

describe('a data folder', () => {
  test('keeps its data and passwords over a second start', async () => {
    const first = await start()
    await rows(first.ownerUrl, 'create table kept as select 41 + 1 as answer')
    await first.stop()
    const second = await start()
    expect(await rows(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
    expect(new URL(second.appUrl).password).toBe(new URL(first.appUrl).password)
  })

  test('is shared by throw-away databases, which leave nothing in it', async () => {
    const databases = await Promise.all([
      start({ durability: 'throwaway' }),
      start({ durability: 'throwaway' }),
    ])
    expect(databases[0]?.port).not.toBe(databases[1]?.port)
    for (const database of databases) await database.stop()
    expect(await readdir(dataDir)).toEqual([])
  })
})

describe('what a launcher meets', () => {
  test('of two starts at once one gets the database, the other learns of it', async () => {
    const attempts = await Promise.allSettled([start(), start()])
    const refused = attempts.filter((attempt) => attempt.status === 'rejected')
    expect(refused).toHaveLength(1)
    expect(String(refused[0]?.reason)).toContain('in use by another process')
  })

  test('a port that is asked for and taken is named', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    await expect(start({ port, durability: 'throwaway' })).rejects.toThrow(`Port ${port}`)
    holder.close()
  })

  test('half a data folder of a killed start is thrown away', async () => {
    const half = join(dataDir, 'building-0badcafe')
    await mkdir(join(half, 'pgdata', 'base'), { recursive: true })
    await start()
    expect(existsSync(half)).toBe(false)
    expect(existsSync(join(pgdata(), 'PG_VERSION'))).toBe(true)
  })

  test('the server of a killed launcher ends by itself', async () => {
    const launcher = await startLauncher()
    process.kill(launcher.pid, 'SIGKILL')
    await vi.waitUntil(() => !servesData(launcher.postmaster, pgdata()), { timeout: 20_000 })
  })

  test('a server that outlived its launcher is ended by the next start, which finds its data', async () => {
    const launcher = await startLauncher()
    await rows(launcher.ownerUrl, 'create table committed as select 7 as number')
    for (const guard of childrenOf(launcher.pid, '/bin/sh')) process.kill(guard, 'SIGKILL')
    process.kill(launcher.pid, 'SIGKILL')
    await launcher.gone
    expect(servesData(launcher.postmaster, pgdata())).toBe(true)
    const next = await start()
    expect(servesData(launcher.postmaster, pgdata())).toBe(false)
    expect(await rows(next.ownerUrl, 'select number from committed')).toEqual([{ number: 7 }])
  })

  test('a killed server is recovered from', async () => {
    const launcher = await startLauncher()
    await rows(launcher.ownerUrl, 'create table committed as select 7 as number')
    process.kill(launcher.postmaster, 'SIGKILL')
    process.kill(launcher.pid, 'SIGKILL')
    await launcher.gone
    const next = await start()
    expect(await rows(next.ownerUrl, 'select number from committed')).toEqual([{ number: 7 }])
  })

  test('a process that got the number of a dead server is left alone', async () => {
    putData()
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await writeFile(join(pgdata(), 'postmaster.pid'), `${stranger.pid}\n${pgdata()}\n1\n1\n\n\n\nready   \n`)
    await start()
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    stranger.kill('SIGKILL')
  })

  test('an empty pid file does not stop a start', async () => {
    putData()
    await writeFile(join(pgdata(), 'postmaster.pid'), '')
    await start()
  })

  test('data of another version of PostgreSQL are not touched', async () => {
    putData()
    await writeFile(join(pgdata(), 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow('are of PostgreSQL 17')
    expect(await readFile(join(pgdata(), 'PG_VERSION'), 'utf8')).toBe('17\n')
  })

  test('discarding removes the data and ends a server that nobody owns', async () => {
    const launcher = await startLauncher()
    for (const guard of childrenOf(launcher.pid, '/bin/sh')) process.kill(guard, 'SIGKILL')
    process.kill(launcher.pid, 'SIGKILL')
    await launcher.gone
    await discardEmbeddedPostgres(dataDir)
    expect(servesData(launcher.postmaster, pgdata())).toBe(false)
    expect(existsSync(join(dataDir, 'cluster'))).toBe(false)
  })
})

test('the programs run although install scripts, which make their links, were skipped', async () => {
  const copy = join(dataDir, 'package')
  await cp(packageFolder(), copy, { recursive: true, verbatimSymlinks: true })
  const links: { target: string }[] = JSON.parse(
    await readFile(join(copy, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  for (const { target } of links) await rm(join(copy, target), { force: true })
  expect((await runToEnd(programsOf(copy).postgres, ['--version'], { user: undefined })).ok).toBe(false)
  await completeLinks(copy)
  expect((await runToEnd(programsOf(copy).postgres, ['--version'], { user: undefined })).ok).toBe(true)
})

test('a copied checkout does not get at the data of its original', async () => {
  const home = join(dataDir, 'elsewhere')
  const original = join(dataDir, 'original')
  await mkdir(home)
  await mkdir(original)
  const record = (path: string) => JSON.stringify({ home, path, inode: 0 })
  await writeFile(join(original, 'database-location.json'), record(original))
  expect(await knownHome(original)).toBe(home)
  await cp(original, join(dataDir, 'copy'), { recursive: true })
  expect(await knownHome(join(dataDir, 'copy'))).toBeUndefined()
})

/** A process of its own that starts the database and then only waits to be killed. */
async function startLauncher() {
  putData()
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./postgres.ts', import.meta.url).href)}
    const { ownerUrl } = await startEmbeddedPostgres({ dataDir: process.argv[1] })
    process.stdout.write(ownerUrl + '\\n')
    setInterval(() => {}, 1000)`
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => launcher.once('exit', () => resolve()))
  const ownerUrl = await new Promise<string>((resolve, reject) => {
    launcher.stdout.once('data', (text) => resolve(String(text).trim()))
    gone.then(() => reject(new Error('The launcher ended before its database was ready.')))
  })
  const pid = launcher.pid as number
  const [postmaster] = childrenOf(pid, programsOf(packageFolder()).postgres)
  if (postmaster === undefined) throw new Error('The launcher has no server.')
  return { pid, ownerUrl, postmaster, gone }
}

function childrenOf(parent: number, program: string) {
  const processes = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split(
    '\n',
  )
  return processes.flatMap((line) => {
    const [, pid, ppid, command] = line.match(/^\s*(\d+)\s+(\d+)\s+(.*)$/) ?? []
    return Number(ppid) === parent && command?.startsWith(`${program} `) ? [Number(pid)] : []
  })
}
