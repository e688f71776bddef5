import { changeOrderStatus } from '#lib/orders/change-order-status.ts'
import { createOrderFinder, type FindOrder, type Order } from '#lib/orders/find-order.ts'
import { findOrders } from '#lib/orders/find-orders.ts'
import type { Database } from '#lib/process/database.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { ApiErrorCode } from '../store-api/api-errors.ts'
import type { XmlElement } from '../store-api/xml/element.ts'
import { element, type Xml } from '../store-api/xml/write.ts'
import { type OrderSelection, readOrderListQuery } from './order-list-query.ts'
import { readOrderUpdate } from './order-update.ts'
import { orderElement } from './order-xml.ts'
import type { StoreEngine } from './store-engine.ts'
import { readStoreRequest } from './store-request.ts'

type Tools = { db: Database; findOrder: FindOrder }
type Content = Promise<Result<Xml[], ApiErrorCode>>

/** With what stands around them an answer stays within the guide's 100 KB. */
const maxOrdersBytes = 100_000

/** The small store of its own: orders, to be read and to be given another status. It has no other resource. */
export function createBuiltInEngine({ db }: { db: Database }): StoreEngine {
  const tools: Tools = { db, findOrder: createOrderFinder({ db }) }
  return {
    async answer(call) {
      const request = readStoreRequest(call)
      if (!request.ok) return request
      const { verb, resources } = request.value
      const [resource, ...others] = resources
      if (call.route.path !== '/V1/order' || others.length > 0) return refuse(10002)
      const scope = { storeId: call.token.storeId }
      if (verb === 'get' && resource.name === 'OrderListQuery') return list(scope, resource, tools)
      if (verb === 'update' && resource.name === 'Order') return update(scope, resource, tools)
      return refuse(10002)
    },
  }
}

async function list(scope: { storeId: string }, query: XmlElement, tools: Tools): Content {
  const selection = readOrderListQuery(query)
  if (!selection.ok) return selection
  const orders = await select(scope, selection.value, tools)
  if (orders.length === 0) return refuse(10004)
  return ok([element('ResponseResourceList', [element('OrderList', fitting(orders.map(orderElement)))])])
}

async function select(scope: { storeId: string }, selection: OrderSelection, tools: Tools): Promise<Order[]> {
  if (!('orderId' in selection)) return findOrders(scope, selection, tools)
  const order = await tools.findOrder(scope, orderNumber(selection.orderId))
  return order ? [order] : []
}

async function update(scope: { storeId: string }, order: XmlElement, tools: Tools): Content {
  const read = readOrderUpdate(order)
  if (!read.ok) return read
  const { orderId, statusId } = read.value
  const changed = await changeOrderStatus(scope, { number: orderNumber(orderId), statusId }, tools)
  if (changed.ok) return ok([element('ProcessingStatus', 'All OK')])
  switch (changed.refusal) {
    case 'unknown-order':
      return refuse(10004)
    case 'unknown-status':
      return refuse(10002)
  }
}

/** 0, which no order has, for what is no number. */
function orderNumber(orderId: string): number {
  return /^\d{1,10}$/.test(orderId) ? Number(orderId) : 0
}

/** As many as there is room for; always the first, or a reader of ranges would never get past it. */
function fitting(orders: Xml[]): Xml[] {
  let room = maxOrdersBytes
  const kept: Xml[] = []
  for (const order of orders) {
    room -= Buffer.byteLength(order)
    if (room < 0 && kept.length > 0) break
    kept.push(order)
  }
  return kept
}
