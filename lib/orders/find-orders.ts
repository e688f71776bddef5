import { selectOrders } from '#db/queries/partners/orders.ts'
import type { Database } from '../process/database.ts'
import type { Order } from './find-order.ts'
import { maxOrderNumber } from './order-number.ts'

/** The guide of 2013: an answer holds no more. */
export const maxOrdersAtOnce = 100

/** Numbers, both ends included; neither needs to be the number of an order. */
export type OrderRange = { first: number; last: number; limit: number }

/**
 * The store's orders of a range, ascending by number, `limit` and 100 at most. Takes any whole numbers,
 * however absurd they are.
 */
export async function findOrders(
  scope: { storeId: string },
  { first, last, limit }: OrderRange,
  { db }: { db: Database },
): Promise<Order[]> {
  if (first > maxOrderNumber || last < 1 || first > last || limit < 1) return []
  const range = { first: Math.max(first, 1), last: Math.min(last, maxOrderNumber) }
  return selectOrders(db, scope, { ...range, limit: Math.min(limit, maxOrdersAtOnce) })
}
