import { setTimeout as wait } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Client } from 'pg'
import { appRole } from './client.ts'
import { installJobQueues } from './job-queues.ts'
import { type Migration, readMigrations } from './migration-files.ts'
import { ensurePrivileges } from './privileges.ts'
import { describeOutdated, findOutdatedCollations } from './queries/database/collation-versions.ts'
import { type MigrationProgress, runMigrations } from './run-migrations.ts'

/** Any number, the same on every machine: who holds it migrates, the others wait and find nothing left to do. */
const migrationLock = 1_409_300_525

type MigrateOptions = {
  /** A login that may create tables, roles and the extension pg_trgm. */
  ownerUrl: string
  /** The login that is then let work as the application; may be the same. */
  appUrl: string
  /** Default: all of db/migrations. */
  migrations?: readonly Migration[]
  onProgress?: MigrationProgress | undefined
}

/** Brings the database to the newest schema, from several machines at once as well. Throws what PostgreSQL says. */
export async function migrate(options: MigrateOptions) {
  const { ownerUrl, appUrl, migrations = readMigrations(), onProgress = () => {} } = options
  const client = new Client({ connectionString: ownerUrl, application_name: 'partner-tokens migrate' })
  await client.connect()
  try {
    await takeMigrationLock(client)
    await ensureAppRole(client)
    await runMigrations(client, { migrations, onProgress })
    const given = await ensurePrivileges(client, migrations)
    if (given.length > 0) onProgress(`${appRole} lacked and now has: ${given.join('; ')}`)
    await installJobQueues(client)
    const outdated = await findOutdatedCollations(drizzle({ client }))
    if (outdated.length > 0) onProgress(describeOutdated(outdated))
    const appLogin = decodeURIComponent(new URL(appUrl).username) || client.user
    for (const login of new Set([client.user, appLogin])) await letUseAppRole(client, login)
  } finally {
    await client.end()
  }
}

/**
 * Asked for again and again: a statement that waits for the lock would keep an old snapshot, for which whoever has
 * the lock and makes an index concurrently would wait for each other.
 */
async function takeMigrationLock(client: Client) {
  for (;;) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as taken', [migrationLock])
    if (rows[0].taken) return
    await wait(100)
  }
}

async function ensureAppRole(client: Client) {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [appRole])
  if (rowCount) return
  // Roles belong to the whole server: another database's migration may be creating it right now.
  await client.query(`do $$ begin create role ${appRole} nologin;
    exception when duplicate_object or unique_violation then null; end $$`)
}

async function letUseAppRole(client: Client, login: string | undefined) {
  if (!login) return
  // Since PostgreSQL 16 a role's maker is a member of it who may not work as it: granted all the same.
  const { rows } = await client.query(`select rolsuper as may from pg_roles where rolname = $1`, [login])
  if (!rows[0]?.may) await client.query(`grant ${appRole} to ${client.escapeIdentifier(login)}`)
}

if (import.meta.main) {
  const appUrl = process.env.DATABASE_URL
  if (!appUrl) {
    console.error('DATABASE_URL is not set: postgres://user:password@host:5432/name')
    process.exit(1)
  }
  try {
    await migrate({ ownerUrl: process.env.DATABASE_OWNER_URL || appUrl, appUrl, onProgress: console.log })
    console.log('The database has the newest schema.')
  } catch (error) {
    console.error(`The database was not migrated: ${(error as Error).message}`)
    process.exit(1)
  }
}
