import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { tokens } from '../../schema/tokens.ts'
import { notRevoked } from './tokens.ts'

type Bounds = { withinDays: number; limit: number }

const expires = ({ withinDays }: Bounds) =>
  and(
    gt(tokens.expiresAt, sql`now()`),
    lte(tokens.expiresAt, sql`now() + make_interval(days => ${withinDays})`),
    notRevoked,
  )

/** Live tokens of each of these stores that expire soon, counted up to `limit`, by the stores' ids; those without are left out. */
export async function countExpiringOfStores(db: Queryable, storeIds: string[], bounds: Bounds) {
  const { rows } = await db.execute<{ storeId: string; count: number }>(sql`
    select store.id as "storeId", found.count
    from jsonb_array_elements_text(${JSON.stringify(storeIds)}::jsonb) as store (id)
    cross join lateral (
      select count(*)::int as count from (
        select from ${tokens} where ${and(eq(tokens.storeId, sql`store.id`), expires(bounds))} limit ${bounds.limit}
      ) expiring) found
    where found.count > 0`)
  return new Map(rows.map(({ storeId, count }) => [storeId, count]))
}
