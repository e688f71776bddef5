import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Database, Queryable } from './client.ts'

/**
 * What `read` yields, all of it as the database was at one moment, on a connection of its own. Who stops asking gives the
 * connection up, and `signal` ends a question that is under way: the server notices within a second.
 */
export async function* inSnapshot<T>(
  db: Database,
  signal: AbortSignal,
  read: (snapshot: Queryable) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const client = await db.$client.connect()
  let isOver = false
  const giveUp = () => {
    if (isOver) return
    isOver = true
    client.release(true)
  }
  signal.addEventListener('abort', giveUp)
  try {
    signal.throwIfAborted()
    const snapshot = drizzle({ client })
    await snapshot.execute(sql`begin isolation level repeatable read, read only`)
    yield* read(snapshot)
    await snapshot.execute(sql`commit`)
    if (!isOver) client.release()
    isOver = true
  } finally {
    signal.removeEventListener('abort', giveUp)
    giveUp()
  }
}

/** The rows of a query, `size` at once, by a cursor of the server: neither side holds more than those. One at a time. */
export async function* readByCursor<Row extends Record<string, unknown>>(
  snapshot: Queryable,
  query: SQL,
  size: number,
): AsyncGenerator<Row[]> {
  await snapshot.execute(sql`declare batches no scroll cursor for ${query}`)
  for (;;) {
    const { rows } = await snapshot.execute<Row>(sql.raw(`fetch ${size} from batches`))
    if (rows.length > 0) yield rows as unknown as Row[]
    if (rows.length < size) break
  }
  await snapshot.execute(sql`close batches`)
}
