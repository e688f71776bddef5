import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool } from 'pg'

/**
 * Drizzle's own keeps a connection for ever whose `begin` got no answer, and gives back one that is stuck in a
 * statement. Here a connection on which anything failed is closed, and its place in the pool is free.
 */
export function transactionsOn(pool: Pool): NodePgDatabase['transaction'] {
  return async (work, config) => {
    const client = await pool.connect()
    try {
      const result = await drizzle({ client }).transaction(work, config)
      client.release()
      return result
    } catch (error) {
      client.release(true)
      throw error
    }
  }
}
