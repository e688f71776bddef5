import { and, asc, between, eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { orders } from '../schema/orders.ts'

/** The order of this number in the store; `undefined` where the store has none. */
export async function selectOrder(db: Queryable, { storeId }: { storeId: string }, number: number) {
  const [order] = await db
    .select()
    .from(orders)
    .where(and(eq(orders.storeId, storeId), eq(orders.number, number)))
  return order
}

/** The store's orders with these numbers, ends included, ascending, `limit` at most. */
export async function selectOrders(
  db: Queryable,
  { storeId }: { storeId: string },
  { first, last, limit }: { first: number; last: number; limit: number },
) {
  return db
    .select()
    .from(orders)
    .where(and(eq(orders.storeId, storeId), between(orders.number, first, last)))
    .orderBy(asc(orders.number))
    .limit(limit)
}

/** The order as it is now; `undefined` where the store has none of this number. */
export async function updateOrderStatus(
  db: Queryable,
  { storeId }: { storeId: string },
  { number, status }: { number: number; status: string },
) {
  const [order] = await db
    .update(orders)
    .set({ status })
    .where(and(eq(orders.storeId, storeId), eq(orders.number, number)))
    .returning({ number: orders.number })
  return order
}
