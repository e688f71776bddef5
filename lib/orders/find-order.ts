import { selectOrdersByKey } from '#db/queries/partners/orders.ts'
import type { OrderLine } from '#db/schema/orders.ts'
import type { Database } from '../process/database.ts'
import { createLookUpBatches, LookUpError, type LookUpLimits } from '../verification/look-up-batches.ts'
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
export type FindOrder = (scope: { storeId: string }, number: number) => Promise<Order | undefined>

/** A connection waits two seconds for its turn and three for an answer: it is the first to give up. */
const limits: LookUpLimits = {
  ...{ deadlineMs: 6_000, maxQueries: 2, lateAfterMs: 5 },
  ...{ maxBatch: 64, maxWaiting: 20_000 },
}

/** Calls that come at the same time share a query, which is sent after the last of them came. Throws what the database throws. */
export function createOrderFinder({ db }: { db: Database }): FindOrder {
  const { find } = createLookUpBatches((keys) => selectOrdersByKey(db, keys.map(keyOf)), limits)
  return async ({ storeId }, number) => {
    if (!isOrderNumber(number)) return undefined
    try {
      return await find(`${number} ${storeId}`)
    } catch (error) {
      throw error instanceof LookUpError && error.failure === 'failed' ? error.cause : error
    }
  }
}

function keyOf(text: string) {
  const space = text.indexOf(' ')
  return { storeId: text.slice(space + 1), number: Number(text.slice(0, space)) }
}
