import { setTimeout as wait } from 'node:timers/promises'
import { type Client, escapeIdentifier, escapeLiteral } from 'pg'
import type { Migration } from './migration-files.ts'
import { type ForeignKey, foreignKeysIn, locksOf, tablesOfCalls } from './migration-locks.ts'
import { makeRoomForIndex, nameOfConcurrentIndex } from './unfinished-indexes.ts'

export type MigrationProgress = (message: string) => void

type RunOptions = {
  migrations: readonly Migration[]
  onProgress?: MigrationProgress | undefined
  /** Tries of one file, or of one statement outside a transaction, until others let go of their locks. */
  maxTries?: number
}

/**
 * Whoever calls an API waits behind us while we wait for a lock, and gives a look-up up after 180 ms: so we give up
 * first, let them pass and try again (docs/decisions/010-migrations-let-calls-pass.md).
 */
const lockTimeoutMs = 100
/** Locks that hold up nobody who reads or writes. An autovacuum gives way after a second. */
const quietLockTimeoutMs = 5_000
const concurrentLockTimeoutMs = 600_000

/** With the pauses below, four minutes. */
const defaultMaxTries = 50
const firstPauseMs = 200
const longestPauseMs = 6_000

/** drizzle's own table, so that databases that drizzle migrated go on from where they are. */
const record = 'drizzle.__drizzle_migrations'

/**
 * Runs what the database has no record of, each file in a transaction of its own unless it says otherwise. The caller
 * sees to it that nobody else runs them. Throws what PostgreSQL says, with the name of the file before it.
 */
export async function runMigrations(client: Client, options: RunOptions) {
  const { migrations, onProgress = () => {}, maxTries = defaultMaxTries } = options
  await client.query(`
    create schema if not exists drizzle;
    create table if not exists ${record} (id serial primary key, hash text not null, created_at bigint)`)
  const { rows } = await client.query<{ when: string }>(`select created_at as when from ${record}`)
  const recorded = new Set(rows.map((row) => Number(row.when)))
  const foreignKeys = foreignKeysIn(migrations.flatMap(({ statements }) => statements))
  for (const migration of migrations.filter(({ when }) => !recorded.has(when))) {
    const { tag } = migration
    onProgress(`${tag} …`)
    try {
      if (migration.transaction === 'one')
        await runInTransaction(client, migration, foreignKeys, { maxTries, onProgress })
      else await runOutside(client, migration, { maxTries, onProgress })
    } catch (error) {
      throw new Error(`${tag}: ${(error as Error).message}`, { cause: error })
    }
  }
}

type Patience = { maxTries: number; onProgress: MigrationProgress }

/**
 * Sent in one piece: no round trip passes while a lock is held. Locks come first, in an order that every migration keeps:
 * those that keep nobody waiting, then those of what calls do not read. What calls read is locked where the file comes to it, and
 * until the end: calls wait for what is left of the file, not for all of it.
 */
async function runInTransaction(
  client: Client,
  migration: Migration,
  foreignKeys: readonly ForeignKey[],
  patience: Patience,
) {
  const { statements } = migration
  const { exclusive, writes } = locksOf(statements, foreignKeys)
  const tables = await existingTables(client, [...exclusive, ...writes])
  const ofCalls = (name: string) => tablesOfCalls.includes(name)
  const lock = (names: readonly string[], mode: string) =>
    names.length === 0 ? [] : [`lock table ${names.map(escapeIdentifier).join(', ')} in ${mode} mode`]
  const first = statements.findIndex((statement) =>
    [...locksOf([statement], foreignKeys).exclusive].some(ofCalls),
  )
  const beforeCalls = first === -1 ? statements.length : first
  const text = [
    'begin',
    `set local lock_timeout = ${quietLockTimeoutMs}`,
    // A vacuum gives way after a second, and would not to one who leaves after 100 ms.
    ...lock(tables, 'share update exclusive'),
    `set local lock_timeout = ${lockTimeoutMs}`,
    ...lock(
      tables.filter((name) => writes.has(name)),
      'share row exclusive',
    ),
    ...lock(
      tables.filter((name) => exclusive.has(name) && !ofCalls(name)),
      'access exclusive',
    ),
    ...statements.slice(0, beforeCalls),
    ...lock(
      tables.filter((name) => exclusive.has(name) && ofCalls(name)),
      'access exclusive',
    ),
    ...statements.slice(beforeCalls),
    recordOf(migration),
    'commit',
  ].join('\n;\n')
  await withRetries(client, patience, async () => {
    try {
      await client.query(text)
    } catch (error) {
      // Of a broken connection the first error says more.
      await client.query('rollback').catch(() => {})
      throw error
    }
  })
}

/** Repeated from its beginning where an earlier run was broken off: each statement is safe to repeat. */
async function runOutside(client: Client, migration: Migration, patience: Patience) {
  await client.query(`set lock_timeout = ${concurrentLockTimeoutMs}`)
  try {
    for (const statement of migration.statements) {
      const index = nameOfConcurrentIndex(statement)
      await withRetries(client, patience, async () => {
        if (index) await makeRoomForIndex(client, index)
        await client.query(statement)
      })
    }
  } finally {
    await client.query('reset lock_timeout')
  }
  await client.query(recordOf(migration))
}

const recordOf = ({ hash, when }: Migration) =>
  `insert into ${record} (hash, created_at) values (${escapeLiteral(hash)}, ${Number(when)})`

const lockNotAvailable = '55P03'
const deadlockDetected = '40P01'

async function withRetries(client: Client, { maxTries, onProgress }: Patience, work: () => Promise<void>) {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const { code = '' } = error as { code?: string }
      if (code !== lockNotAvailable && code !== deadlockDetected) throw error
      if (tries === maxTries) throw new Error(await describeLockHolders(client, tries), { cause: error })
      if (tries === 1) onProgress('  others hold a lock that it needs: it lets them pass and tries again')
      await wait(Math.min(firstPauseMs * 1.2 ** (tries - 1), longestPauseMs))
    }
  }
}

async function describeLockHolders(client: Client, tries: number) {
  const { rows } = await client.query<{ holder: string }>(`
    select distinct format('process %s (%s) on %s', pid, coalesce(nullif(application_name, ''), usename, backend_type),
      string_agg(distinct relname, ', ')) as holder
    from pg_locks join pg_class on pg_class.oid = relation join pg_stat_activity using (pid)
    where database = (select oid from pg_database where datname = current_database())
      and granted and relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and pid <> pg_backend_pid()
    group by pid, application_name, usename, backend_type`)
  const holders = rows.map((row) => row.holder).join('; ') || 'nobody any more'
  return (
    `others held a lock that it needs in each of ${tries} tries. Nothing of it was done. ` +
    `End long transactions and run db:migrate again. Locks are held now by: ${holders}.`
  )
}

async function existingTables(client: Client, names: string[]) {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relname = any($1) and relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by relname`,
    [names],
  )
  return rows.map((row) => row.name)
}
