import { and, asc, between, eq, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../client.ts'
import { type OrderLine, orders } from '../../schema/orders.ts'

type OrderKey = { storeId: string; number: number }
type OrderRow = [
  place: number,
  placedAt: number,
  status: string,
  currency: string,
  shipTo: string,
  lines: OrderLine[],
]

const ordersByKey = `
  select place::int, extract(epoch from placed_at)::float8 * 1000, status, currency, ship_to, lines
  from unnest($1::text[], $2::int[]) with ordinality as asked (store_id, number, place)
  cross join lateral (
    select * from public.orders where orders.store_id = asked.store_id and orders.number = asked.number offset 0
  ) found`

/** The orders of these numbers in these stores, in their order; `undefined` where the store has none of that number. */
export async function selectOrdersByKey(db: Database, keys: readonly OrderKey[]) {
  const { rows } = await db.$client.query<OrderRow>({
    name: 'orders-by-key',
    text: ordersByKey,
    values: [keys.map(({ storeId }) => storeId), keys.map(({ number }) => number)],
    rowMode: 'array',
  })
  const found = new Map(rows.map((row) => [row[0], row]))
  return keys.map((key, n) => {
    const row = found.get(n + 1)
    if (!row) return undefined
    const [, placedAt, status, currency, shipTo, lines] = row
    return { ...key, placedAt: new Date(Math.round(placedAt)), status, currency, shipTo, lines }
  })
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
