import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { tokens } from '../../schema/tokens.ts'
import { live } from './tokens.ts'

/** The live tokens of each of these stores, by their ids, counted up to `limit`; those without are left out. */
export async function countLiveOfStores(db: Queryable, storeIds: string[], { limit }: { limit: number }) {
  const { rows } = await db.execute<{ storeId: string; count: number }>(sql`
    select store.id as "storeId", found.count
    from jsonb_array_elements_text(${JSON.stringify(storeIds)}::jsonb) as store (id)
    cross join lateral (
      select count(*)::int as count from (
        select from ${tokens} where ${and(eq(tokens.storeId, sql`store.id`), live)} limit ${limit}
      ) counted) found
    where found.count > 0`)
  return new Map(rows.map(({ storeId, count }) => [storeId, count]))
}
