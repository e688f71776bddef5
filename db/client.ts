import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { type ClientBase, Pool } from 'pg'
import './query-errors.ts'
import { transactionsOn } from './transaction.ts'

/** The role whose privileges every connection of the application works with (migration 0002). */
export const appRole = 'partner_tokens_app'

/** What a query runs on: the database, or a transaction of it. */
export type Queryable = PgDatabase<NodePgQueryResultHKT>
export type Database = NodePgDatabase & { $client: Pool }

type ConnectionOptions = {
  url: string
  /** Shown in pg_stat_activity. */
  applicationName: string
  maxConnections?: number
  /** How long to wait for a connection, and for an answer, before giving up. */
  connectTimeoutMs?: number
  queryTimeoutMs?: number
  /** `owner` keeps the privileges of the login: for migrations, seeding and tests. */
  role?: 'app' | 'owner'
  /** When an unused connection is closed; 0: never. */
  idleTimeoutMs?: number
  /** Statements that a new connection of the application begins with. */
  settings?: string
  onIdleError?: (error: Error) => void
}

/** A pool of connections that work as {@link appRole}, however mighty the login in `url` is. */
export function connect(options: ConnectionOptions): Database {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    query_timeout: options.queryTimeoutMs ?? 15_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    allowExitOnIdle: true,
    ...(options.role !== 'owner' && {
      onConnect: (client: ClientBase) => setAppRole(client, options.settings),
    }),
  })
  pool.on('error', options.onIdleError ?? (() => {}))
  // One that breaks between two statements of a transaction says so by an event, which unheard ends the process.
  // The next statement fails all the same.
  pool.on('connect', (client) => client.on('error', () => {}))
  return Object.assign(drizzle({ client: pool }), { transaction: transactionsOn(pool) })
}

/** The database has no role {@link appRole}, or does not let the login work as it: `npm run db:migrate` mends both. */
export class AppRoleMissing extends Error {
  /** For people. */
  readonly missing: string
  constructor(what: 'role' | 'membership', cause: unknown) {
    super(
      what === 'role'
        ? `The role ${appRole} does not exist: the database is not migrated`
        : `The login of DATABASE_URL may not work as ${appRole}: the database is not migrated for it`,
      { cause },
    )
    this.missing =
      what === 'role' ? `the role ${appRole}` : `the right of DATABASE_URL's login to work as ${appRole}`
  }
}

/** Awaited by the pool before it hands the connection out; a connection that cannot change its role is not used. */
export async function setAppRole(client: ClientBase, settings = '') {
  try {
    // Joins in the order that we write them: planning took three quarters of a page's time.
    await client.query(`set role ${appRole}; set join_collapse_limit = 1; ${settings}`)
  } catch (error) {
    const { code } = error as { code?: string }
    const [invalidValue, insufficientPrivilege] = ['22023', '42501']
    if (code === invalidValue) throw new AppRoleMissing('role', error)
    throw code === insufficientPrivilege ? new AppRoleMissing('membership', error) : error
  }
}
