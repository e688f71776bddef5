import type { Database } from '#lib/database.ts'
import { findOrder } from '#lib/orders/find-order.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { ApiErrorCode } from './api-errors.ts'
import { childrenNamed, fieldOf } from './envelope.ts'
import { orderElement } from './order-xml.ts'
import type { Route } from './routes.ts'
import type { XmlElement } from './xml/read.ts'
import { element, type Xml } from './xml/write.ts'

/** A call that was let in: what it asks of the store, nothing of who asks. */
export type StoreCall = {
  storeId: string
  route: Route
  verb: 'get' | 'update' | 'create'
  /** At least one. */
  resources: XmlElement[]
}

/** What stands behind the door. Answers the content of the response, or the code of an error. */
export type StoreEngine = { answer(call: StoreCall): Promise<Result<Xml[], ApiErrorCode>> }

/** The small store of its own: orders by their number, read from the database. It has no other resource. */
export function createBuiltInEngine({ db }: { db: Database }): StoreEngine {
  return {
    async answer({ storeId, route, verb, resources }) {
      const queries = resources.filter((resource) => resource.name === 'OrderListQuery')
      if (route.path !== '/V1/order' || verb !== 'get' || queries.length !== 1) return refuse(10002)
      const orderId = fieldOf(childrenNamed(queries, 'QueryParams'), 'OrderID')
      if (typeof orderId !== 'string') return refuse(10002)
      const order = await findOrder({ storeId }, /^\d{1,10}$/.test(orderId) ? Number(orderId) : 0, { db })
      if (!order) return refuse(10004)
      return ok([element('ResponseResourceList', [element('OrderList', [orderElement(order)])])])
    },
  }
}
