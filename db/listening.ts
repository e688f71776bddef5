import { drizzle } from 'drizzle-orm/node-postgres'
import { Client } from 'pg'
import { type Queryable, setAppRole } from './client.ts'

/** A connection of its own, which PostgreSQL tells what is notified on one channel. It works as the application's role. */
export type Listening = {
  /** For one query after the other. One that does not reach the database means that nothing is heard either. */
  db: Queryable
  /** Gives the connection up at once, whatever is under way on it. */
  close(): Promise<void>
}

type ListeningOptions = {
  url: string
  applicationName: string
  /** A plain lower-case name. */
  channel: string
  onNotification: (payload: string) => void
  /** The connection broke by itself; whoever still wants to hear opens another one. */
  onLost: (error: Error) => void
  connectTimeoutMs?: number
  queryTimeoutMs?: number
}

/** Answers once it listens: what is notified from then on is heard. Rejects when there is no way to the database. */
export async function listen(options: ListeningOptions): Promise<Listening> {
  const client = new Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 2_000,
    query_timeout: options.queryTimeoutMs ?? 2_000,
    keepAlive: true,
  })
  client.on('error', options.onLost)
  client.on('notification', ({ payload }) => options.onNotification(payload ?? ''))
  try {
    await client.connect()
    await setAppRole(client)
    await client.query(`listen ${options.channel}`)
    return { db: drizzle({ client }), close: () => client.end() }
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
}
