import { ok, type Result, refuse } from '#lib/result.ts'
import type { ApiErrorCode } from '../store-api/api-errors.ts'
import { childrenNamed, fieldOf } from '../store-api/envelope.ts'
import type { XmlElement } from '../store-api/xml/element.ts'

type OrderUpdate = { orderId: string; statusId: number }

/**
 * Reads the `Order` of an update: `OrderID` and `StatusList/OrderStatus/StatusID`. The `Note` that the guide of
 * 2013 wants beside the status is taken and not kept. Refuses with 10002 what else an update could ask for:
 * said to be done and not done would be worse.
 */
export function readOrderUpdate(order: XmlElement): Result<OrderUpdate, ApiErrorCode> {
  const lists = childrenNamed([order], 'StatusList')
  const statuses = childrenNamed(lists, 'OrderStatus')
  const orderId = fieldOf([order], 'OrderID')
  const statusId = fieldOf(statuses, 'StatusID')
  const onlyThese =
    hasOnly([order], ['OrderID', 'StatusList']) &&
    hasOnly(lists, ['OrderStatus']) &&
    hasOnly(statuses, ['StatusID', 'Note'])
  if (!onlyThese || statuses.length !== 1 || typeof orderId !== 'string') return refuse(10002)
  if (typeof statusId !== 'string' || !/^\d{1,3}$/.test(statusId)) return refuse(10002)
  return ok({ orderId, statusId: Number(statusId) })
}

function hasOnly(parents: XmlElement[], names: string[]): boolean {
  return parents.every(({ children }) => children.every(({ name }) => names.includes(name)))
}
