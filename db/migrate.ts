import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import { appRole } from './client.ts'
import { installJobQueues } from './job-queues.ts'

/** Any number, the same on every machine: who holds it migrates, the others wait and find nothing left to do. */
const migrationLock = 1_409_300_525

/**
 * Brings the database to the newest schema, from several machines at once as well. Throws what PostgreSQL says.
 * @param ownerUrl a login that may create tables, roles and the extension pg_trgm.
 * @param appUrl the login that is then let work as the application; may be the same.
 */
export async function migrate({ ownerUrl, appUrl }: { ownerUrl: string; appUrl: string }) {
  const client = new Client({ connectionString: ownerUrl, application_name: 'partner-tokens migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await ensureAppRole(client)
    await runMigrations(drizzle({ client }), {
      migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
    })
    await installJobQueues(client)
    const appLogin = decodeURIComponent(new URL(appUrl).username) || client.user
    for (const login of new Set([client.user, appLogin])) await letUseAppRole(client, login)
  } finally {
    await client.end()
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
    await migrate({ ownerUrl: process.env.DATABASE_OWNER_URL || appUrl, appUrl })
    console.log('The database has the newest schema.')
  } catch (error) {
    const { message, cause } = error as Error
    console.error(
      `The database was not migrated: ${message}${cause instanceof Error ? `\n${cause.message}` : ''}`,
    )
    process.exit(1)
  }
}
