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

/**
 * Counts one of each key, as `consume` of lib/rate-limits does one by one, within the transaction: what is rolled back was not
 * counted. @returns the ids of those that had none left.
 */
export async function countPoints(
  tx: Queryable,
  { bucket, points, windowMinutes }: { bucket: string; points: number; windowMinutes: number },
  keys: { id: string; key: string }[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`
  const { rows } = await tx.execute<{ id: string }>(sql`
    with given as (
      select id, ${bucket}::text || ':' || key as key
      from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as given (id text, key text)
    ), counted as (
      insert into ${rateLimitCounters} (key, points, expire)
      select key, 1, ${now} + ${windowMinutes}::int * 60000 from given order by key
      on conflict (key) do update set
        points = case when ${rateLimitCounters.expire} <= ${now} then 1 else ${rateLimitCounters.points} + 1 end,
        expire = case when ${rateLimitCounters.expire} <= ${now} then excluded.expire else ${rateLimitCounters.expire} end
      returning key, points
    )
    select given.id from given join counted using (key) where counted.points > ${points}`)
  return new Set(rows.map(({ id }) => id))
}
