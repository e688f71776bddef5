import type { Pool, PoolClient } from 'pg'

/** Rounds of asking: other clients of the pooler may happen to put things in order once. */
const rounds = 5

/**
 * Whether a pooler in transaction mode stands before the database: then two of our connections are seen to work with one
 * process of the server, or one of them with two. What a connection was set to does not last there: its role, that it is
 * no replica, what it prepared and what it listens to (docs/decisions/011-many-machines.md).
 */
export async function isPooledByTransaction(pool: Pool): Promise<boolean> {
  const clients = await Promise.allSettled([pool.connect(), pool.connect()])
  const [one, other] = clients.map((client) => (client.status === 'fulfilled' ? client.value : undefined))
  let isBroken = true
  try {
    for (const client of clients) if (client.status === 'rejected') throw client.reason
    if (!one || !other) return false
    for (let round = 0; round < rounds; round++) {
      const before = await processOf(one)
      await other.query('begin')
      const held = await processOf(other)
      // Asked only where the other one has a process of its own: a pooler with a single one would keep us waiting.
      if (held === before || (await processOf(one)) !== before) return true
      await other.query('commit')
      if ((await processOf(one)) !== before || (await processOf(other)) !== held) return true
    }
    isBroken = false
    return false
  } finally {
    for (const client of [one, other]) client?.release(isBroken)
  }
}

async function processOf(client: PoolClient): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid')
  return rows[0]?.pid
}
