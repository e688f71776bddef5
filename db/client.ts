import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { Client, ClientBase, Pool } from 'pg'
import './query-errors.ts'
import { boundedClients } from './bounded-clients.ts'
import { PatientPool } from './patient-pool.ts'
import { beginSession, type SessionSettings } from './session.ts'
import { watchStandby } from './standby-watch.ts'
import { commitsOn } from './transaction.ts'

export { AppRoleMissing, appRole } from './session.ts'

/** What a query runs on: the database, or a transaction of it. */
export type Queryable = PgDatabase<NodePgQueryResultHKT>
export type Database = NodePgDatabase & {
  $client: Pool
  /** A transaction that says whether the synchronous standby has it. */
  commit: ReturnType<typeof commitsOn>
}

type ConnectionOptions = {
  url: string
  /** Shown in pg_stat_activity. */
  applicationName: string
  maxConnections?: number
  /** How long who asks waits for a connection, in milliseconds; 5,000 by default. */
  acquireTimeoutMs?: number
  /** How long the making of one may take, in milliseconds; 10,000 by default. Who asked first may be gone by then. */
  connectTimeoutMs?: number
  /** How long to wait for an answer before giving up. */
  queryTimeoutMs?: number
  /** `owner` keeps the privileges of the login: for migrations, seeding and tests. */
  role?: 'app' | 'owner'
  /** When an unused connection is closed; 0: never. */
  idleTimeoutMs?: number
  onIdleError?: (error: Error) => void
} & Pick<SessionSettings, 'lockTimeoutMs' | 'commits'> & {
    /** Statements that a new connection of the application begins with. */
    settings?: string
    /** What a new connection has to pass after them, before anybody has it. */
    check?: ((db: Queryable) => Promise<void>) | undefined
  }

/** A statement's time-out at the server comes behind the client's: what was given up is ended. */
const graceMs = 1_000

/** A pool of connections that work as {@link appRole}, however mighty the login in `url` is. */
export function connect(options: ConnectionOptions): Database {
  const { url, applicationName, maxConnections = 10, queryTimeoutMs = 15_000, role = 'app' } = options
  const standby = watchStandby(url, applicationName)
  const session: SessionSettings = {
    statementTimeoutMs: queryTimeoutMs + graceMs,
    ...(options.lockTimeoutMs !== undefined && { lockTimeoutMs: options.lockTimeoutMs }),
    ...(options.commits && { commits: options.commits }),
    ...(options.settings !== undefined && { more: options.settings }),
  }
  const pool = new PatientPool(options.acquireTimeoutMs ?? 5_000, {
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    query_timeout: queryTimeoutMs,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    keepAlive: true,
    allowExitOnIdle: true,
    Client: boundedClients(maxConnections, role === 'app' ? standby.clients : undefined),
    ...(role === 'app' && {
      async onConnect(client: ClientBase) {
        await beginSession(client, session)
        await options.check?.(drizzle({ client: client as Client }))
      },
    }),
  })
  pool.on('error', options.onIdleError ?? (() => {}))
  // One that breaks between two statements of a transaction says so by an event, which unheard ends the process.
  // The next statement fails all the same.
  pool.on('connect', (client) => {
    client.on('error', () => {})
    if (role === 'app') standby.start()
  })
  pool.whenEnded(standby.stop)
  const commit = commitsOn(pool, options.commits === 'local' ? 'nothing' : 'leases')
  return Object.assign(drizzle({ client: pool as Pool }), {
    commit,
    transaction: (async (work, config) =>
      (await commit(work, config)).value) as NodePgDatabase['transaction'],
  })
}
