import { and, asc, between, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { orders } from '../../schema/orders.ts'

/** The order of this number in the store; `undefined` where the store has none. */
export async function selectOrder(db: Queryable, { storeId }: { storeId: string }, number: number) {
  const [order] = await selectOrders(db, { storeId }, { first: number, last: number, limit: 1 })
  return order
}

/** The store's orders with these numbers, ends included, ascending, `limit` at most. */
export async function selectOrders(
  db: Queryable,
  { storeId }: { storeId: string },
  range: { first: number; last: number; limit: number },
) {
  const known = selections.get(db)
  const selection = known ?? prepareSelection(db)
  if (!known) selections.set(db, selection)
  return selection.execute({ storeId, ...range })
}

/** Making the statement's text took longer than its answer; it is made once for each database. */
const selections = new WeakMap<Queryable, ReturnType<typeof prepareSelection>>()

function prepareSelection(db: Queryable) {
  const number = between(orders.number, sql.placeholder('first'), sql.placeholder('last'))
  return db
    .select()
    .from(orders)
    .where(and(eq(orders.storeId, sql.placeholder('storeId')), number))
    .orderBy(asc(orders.number))
    .limit(sql.placeholder('limit'))
    .prepare('orders-of-range')
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
