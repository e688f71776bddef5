import { updateOrderStatus } from '#db/queries/partners/orders.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { isOrderNumber } from './order-number.ts'
import { settableStatus } from './statuses.ts'

/**
 * Gives an order of the store another status. A program may repeat it: it comes to the same.
 * Refuses 'unknown-status' (not 0 to 5: statuses.ts) and 'unknown-order'.
 */
export async function changeOrderStatus(
  scope: { storeId: string },
  { number, statusId }: { number: number; statusId: number },
  { db }: { db: Database },
): Promise<Result<undefined, 'unknown-status' | 'unknown-order'>> {
  const status = settableStatus(statusId)
  if (status === undefined) return refuse('unknown-status')
  if (!isOrderNumber(number)) return refuse('unknown-order')
  const changed = await updateOrderStatus(db, scope, { number, status })
  return changed ? ok(undefined) : refuse('unknown-order')
}
