import { expect } from 'vitest'
import type { Database } from '#db/client.ts'

/** Until so many queries of the database wait for what others hold, and no fewer: then each has come that far. */
export async function untilBlocked(owner: Database, count = 1) {
  const blocked = async () => {
    const { rowCount } = await owner.$client.query(
      'select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
    )
    return rowCount
  }
  await expect.poll(blocked).toBe(count)
}
