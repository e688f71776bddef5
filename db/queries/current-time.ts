import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'

/** The database's time right now, also in the middle of a transaction. */
export async function currentTime(tx: Queryable): Promise<Date> {
  const { rows } = await tx.execute<{ now: string }>(sql`select clock_timestamp()::timestamptz(3) as now`)
  return new Date(rows[0]?.now ?? Number.NaN)
}
