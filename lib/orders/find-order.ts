import { selectOrder } from '#db/queries/partners/orders.ts'
import type { OrderLine } from '#db/schema/orders.ts'
import type { Database } from '../process/database.ts'
import { isOrderNumber } from './order-number.ts'

export type { OrderLine }

export type Order = {
  storeId: string
  /** Counted for each store from 1001. */
  number: number
  placedAt: Date
  status: string
  /** ISO 4217. */
  currency: string
  shipTo: string
  lines: OrderLine[]
}

/** An order of the store; `undefined` where it has none of that number, however absurd the number is. */
export async function findOrder(
  scope: { storeId: string },
  number: number,
  { db }: { db: Database },
): Promise<Order | undefined> {
  if (!isOrderNumber(number)) return undefined
  return selectOrder(db, scope, number)
}
