import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { rateLimitCounters } from '../schema/rate-limit-counters.ts'

/**
 * Deletes up to `limit` counters whose window was over at `before`. Never waits for a row: one that somebody counts in at this
 * moment begins a new window.
 * @returns how many.
 */
export async function deleteCountersExpiredBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${rateLimitCounters} where key = any(array(
      select key from ${rateLimitCounters} where expire < ${before.getTime()}::bigint
      limit ${limit} for update skip locked))`)
  return rowCount ?? 0
}
