import { maxOrdersAtOnce, type OrderRange } from '#lib/orders/find-orders.ts'
import { maxOrderNumber } from '#lib/orders/order-number.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { ApiErrorCode } from '../store-api/api-errors.ts'
import { childrenNamed, type Field, fieldOf } from '../store-api/envelope.ts'
import type { XmlElement } from '../store-api/xml/element.ts'

/** Which orders an `OrderListQuery` asks for: one, or those of a range. */
export type OrderSelection = { orderId: string } | OrderRange

/**
 * Reads the `QueryParams`: `OrderID`, `IntervalRange` (Start and End, both included) or `CountedRange` (Start
 * and how many from there on). Refuses with the guide's codes for ranges, with 10002 what is none of the three.
 */
export function readOrderListQuery(query: XmlElement): Result<OrderSelection, ApiErrorCode> {
  const params = childrenNamed([query], 'QueryParams')
  const kinds = new Set(params.flatMap(({ children }) => children.map(({ name }) => name)))
  const [kind] = kinds
  if (kinds.size !== 1) return refuse(10002)
  if (kind === 'OrderID') {
    const orderId = fieldOf(params, 'OrderID')
    return typeof orderId === 'string' ? ok({ orderId }) : refuse(10002)
  }
  if (kind === 'IntervalRange') return readInterval(childrenNamed(params, kind))
  if (kind === 'CountedRange') return readCounted(childrenNamed(params, kind))
  return refuse(10002)
}

function readInterval(range: XmlElement[]): Result<OrderRange, ApiErrorCode> {
  const first = wholeNumber(fieldOf(range, 'Start'))
  const last = wholeNumber(fieldOf(range, 'End'))
  if (first === undefined) return refuse(20021)
  if (last === undefined) return refuse(20026)
  if (first > last) return refuse(20028)
  return ok({ first, last, limit: maxOrdersAtOnce })
}

function readCounted(range: XmlElement[]): Result<OrderRange, ApiErrorCode> {
  const first = wholeNumber(fieldOf(range, 'Start'))
  const count = wholeNumber(fieldOf(range, 'Count'))
  if (first === undefined) return refuse(20021)
  if (count === undefined || count === 0) return refuse(20025)
  if (count > maxOrdersAtOnce) return refuse(20022)
  return ok({ first, last: maxOrderNumber, limit: count })
}

function wholeNumber(field: Field): number | undefined {
  return typeof field === 'string' && /^\d{1,20}$/.test(field) ? Number(field) : undefined
}
