import { selectOrder } from '#db/queries/orders.ts'
import type { OrderLine } from '#db/schema/orders.ts'
import type { Database } from '../database.ts'

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

/** PostgreSQL's `integer`. */
const maxNumber = 2_147_483_647

/** An order of the store; `undefined` where it has none of that number, however absurd the number is. */
export async function findOrder(
  scope: { storeId: string },
  number: number,
  { db }: { db: Database },
): Promise<Order | undefined> {
  if (!Number.isInteger(number) || number < 1 || number > maxNumber) return undefined
  return selectOrder(db, scope, number)
}
