import { and, eq } from 'drizzle-orm'
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
