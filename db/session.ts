import type { ClientBase } from 'pg'
import { noteBackendPid } from './standby-watch.ts'

/** The role whose privileges every connection of the application works with (migration 0002). */
export const appRole = 'partner_tokens_app'

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

export type SessionSettings = {
  /** A person who waits for somebody else's row hears of it after so long, in milliseconds; 3,000 by default. */
  lockTimeoutMs?: number
  /** The server ends what its client has given up. */
  statementTimeoutMs: number
  /**
   * `local`: a commit does not wait for a synchronous standby. For what may be lost with the primary (counts, signs of
   * life, marks of work that is done again), never for what revokes.
   */
  commits?: 'standby' | 'local'
  /** Further statements. */
  more?: string
}

const defaultLockTimeoutMs = 3_000

/** Not every system can: Linux can since PostgreSQL 14. Where it cannot, the server notices later. */
const noticeGoneClients = `
  do $$ begin
    set client_connection_check_interval = '1s';
  exception when invalid_parameter_value or undefined_object then null;
  end $$`

/**
 * Awaited by the pool before it hands the connection out; a connection that cannot change its role is not used.
 * The server's own time-outs end what a client, or the way to it, has left behind.
 */
export async function beginSession(client: ClientBase, settings: SessionSettings) {
  const {
    lockTimeoutMs = defaultLockTimeoutMs,
    statementTimeoutMs,
    commits = 'standby',
    more = '',
  } = settings
  const statements = [
    `set role ${appRole}`,
    // A temporary table never comes before one of ours.
    'set search_path = public, pg_temp',
    // Joins in the order that we write them: planning took three quarters of a page's time.
    'set join_collapse_limit = 1',
    `set lock_timeout = ${lockTimeoutMs}`,
    `set statement_timeout = ${statementTimeoutMs}`,
    `set idle_in_transaction_session_timeout = '30s'`,
    'set tcp_keepalives_idle = 15',
    'set tcp_keepalives_interval = 5',
    'set tcp_keepalives_count = 3',
    'set tcp_user_timeout = 30000',
    ...(commits === 'local' ? ['set synchronous_commit = local'] : []),
    noticeGoneClients,
    ...(more === '' ? [] : [more]),
    'select pg_catalog.pg_backend_pid() as pid',
  ]
  try {
    const results = (await client.query(statements.join(';\n'))) as unknown as { rows: { pid?: number }[] }[]
    const pid = results.at(-1)?.rows[0]?.pid
    if (pid !== undefined) noteBackendPid(client, pid)
  } catch (error) {
    const { code } = error as { code?: string }
    const [invalidValue, insufficientPrivilege] = ['22023', '42501']
    if (code === invalidValue) throw new AppRoleMissing('role', error)
    throw code === insufficientPrivilege ? new AppRoleMissing('membership', error) : error
  }
}
