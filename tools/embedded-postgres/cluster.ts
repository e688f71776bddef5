import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { runToEnd } from './run-to-end.ts'
import type { SystemUser } from './system-user.ts'

/** Owns the database, may create roles and databases, and is no superuser. */
export const ownerLogin = 'partner_tokens_owner'
/** What the servers sign in as: without a right of its own until the migration grants it some. */
export const appLogin = 'app'
export const databaseName = 'partner_tokens'

export type Cluster = { folder: string; pgdata: string }
export type Passwords = { owner: string; app: string }

export function clusterIn(home: string, name: string): Cluster {
  const folder = join(home, name)
  return { folder, pgdata: join(folder, 'pgdata') }
}

export async function readPasswords(cluster: Cluster): Promise<Passwords> {
  return JSON.parse(await readFile(join(cluster.folder, 'passwords.json'), 'utf8'))
}

const asidePrefix = 'building-'

/** What a start that was killed in the middle of {@link buildCluster} left behind. */
export async function removeHalfBuilt(home: string) {
  for (const name of await readdir(home)) {
    if (name.startsWith(asidePrefix))
      await rm(join(home, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Makes the data folder, the roles and the database aside; they appear all at once, by a rename, or not at all. */
export async function buildCluster(
  home: string,
  cluster: Cluster,
  { binaries, user, flush }: { binaries: Binaries; user: SystemUser | undefined; flush: 'to disk' | 'never' },
) {
  const aside = clusterIn(home, `${asidePrefix}${randomBytes(4).toString('hex')}`)
  await mkdir(aside.folder)
  await chmod(aside.folder, 0o711)
  await mkdir(aside.pgdata, { mode: 0o700 })
  if (user) await chown(aside.pgdata, user.uid, user.gid)
  try {
    await initialise(aside, { binaries, user, flush })
    const passwords = { owner: randomBytes(24).toString('hex'), app: randomBytes(24).toString('hex') }
    await createRoles(aside, passwords, { binaries, user })
    await writeFile(join(aside.pgdata, 'pg_hba.conf'), accessRules)
    await writeFile(join(aside.folder, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 })
    await rename(aside.folder, cluster.folder)
  } catch (error) {
    await rm(aside.folder, { recursive: true, force: true })
    throw error
  }
}

/** @returns undefined where there is no data folder yet. */
export async function majorVersionOf(cluster: Cluster): Promise<number | undefined> {
  if (!(await stat(cluster.folder).catch(() => undefined))) return undefined
  return Number.parseInt(await readFile(join(cluster.pgdata, 'PG_VERSION'), 'utf8'), 10)
}

/** The superuser has no password and no line here: nobody signs in as them. */
const accessRules = `host all ${ownerLogin},${appLogin} 127.0.0.1/32 scram-sha-256\n`

// The built-in provider folds the case of every script. pg_trgm asks the C library instead what a letter is,
// and in plain "C" only A to Z are: names in other scripts would have no trigrams. Not every system knows all.
const characterTypes = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'C']

async function initialise(
  { pgdata }: Cluster,
  { binaries, user, flush }: { binaries: Binaries; user: SystemUser | undefined; flush: 'to disk' | 'never' },
) {
  let output = ''
  for (const characterType of characterTypes) {
    const args = ['-D', pgdata, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']
    args.push(
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      `--lc-ctype=${characterType}`,
      '--no-instructions',
    )
    if (flush === 'never') args.push('--no-sync')
    const run = await runToEnd(binaries.initdb, args, { user })
    if (run.ok) return
    output = run.output
    if (!output.includes('invalid locale name')) break
  }
  throw new Error(`PostgreSQL could not create its data folder:\n${output.trim()}`)
}

/** In single-user mode, before the server has ever listened: the rules of initdb let everybody in. */
async function createRoles(
  { pgdata }: Cluster,
  passwords: Passwords,
  { binaries, user }: { binaries: Binaries; user: SystemUser | undefined },
) {
  const statements = [
    `create role ${ownerLogin} login createrole createdb password '${passwords.owner}'`,
    `create role ${appLogin} login password '${passwords.app}'`,
    `create database ${databaseName} owner ${ownerLogin}`,
  ]
  const settings = [
    // A statement that fails is not logged: it holds a password.
    'log_min_error_statement=panic',
    // Nobody guesses 192 random bits, however quick a guess is; each connection would pay for a slow one.
    'scram_iterations=1',
  ]
  const args = ['--single', '-D', pgdata, ...settings.flatMap((setting) => ['-c', setting]), 'template1']
  const run = await runToEnd(binaries.postgres, args, { user, input: `${statements.join('\n')}\n` })
  if (run.ok && !/\b(ERROR|FATAL|PANIC):/.test(run.output)) return
  throw new Error(`PostgreSQL could not create its roles:\n${run.output.trim()}`)
}
