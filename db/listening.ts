import { drizzle } from 'drizzle-orm/node-postgres'
import type { ClientBase } from 'pg'
import type { BoundedClientClass } from './bounded-clients.ts'
import type { Queryable } from './client.ts'
import { beginSession, type SessionSettings } from './session.ts'

/** A connection of its own, on which PostgreSQL says what is sent on one channel. It works as the application's role. */
export type Listening = {
  /** For one query after the other. One that does not reach the database means that nothing is heard either. */
  db: Queryable
  /** The same, for statements that are no query of Drizzle's. */
  client: ClientBase
  /** Gives the connection up at once, whatever is under way on it. */
  close(): Promise<void>
}

type ListeningOptions = {
  url: string
  /** Of all the connections that are made one after the other: it bounds how many are left behind. */
  Client: BoundedClientClass
  applicationName: string
  /** A plain lower-case name. */
  channel: string
  onNotification: (payload: string) => void
  /** The connection broke by itself; whoever still wants to hear opens another one. */
  onLost: (error: Error) => void
  connectTimeoutMs?: number
  queryTimeoutMs?: number
  /** `local` by default: signs of life, of which one that is lost with the primary is said again two seconds later. */
  commits?: SessionSettings['commits']
}

/** Answers once it listens: what is notified from then on is heard. Rejects when there is no way to the database. */
export async function listen(options: ListeningOptions): Promise<Listening> {
  const { connectTimeoutMs = 10_000, queryTimeoutMs = 2_000, commits = 'local' } = options
  const client = new options.Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  })
  client.on('error', options.onLost)
  client.on('notification', ({ payload }) => options.onNotification(payload ?? ''))
  try {
    await client.connect()
    await beginSession(client, { statementTimeoutMs: queryTimeoutMs, commits })
    await client.query(`listen ${options.channel}`)
    return { db: drizzle({ client }), client, close: () => client.end() }
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
}
