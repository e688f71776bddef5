import type { Order, OrderLine } from '#lib/orders/find-order.ts'
import { statusIdOf } from '#lib/orders/statuses.ts'
import { totalCents } from '#lib/orders/total.ts'
import { element, type Xml } from '../store-api/xml/write.ts'

/** An order as the vendor's guide of 2013 names its parts; what the built-in store does not know is left out. */
export function orderElement(order: Order): Xml {
  const statusId = statusIdOf(order.status)
  return element('Order', [
    element('OrderID', order.number),
    element('CreationTime', writeTime(order.placedAt)),
    element('Status', order.status),
    statusId !== undefined &&
      element('StatusList', [element('OrderStatus', [element('StatusID', statusId)])]),
    element('ShipToInfo', [element('AddressInfo', [element('Address1', order.shipTo)])]),
    element('ItemList', order.lines.map(itemElement)),
    element('OrderTotals', [
      element('Subtotal', writeCents(totalCents(order.lines))),
      element('Total', writeCents(totalCents(order.lines))),
    ]),
    element('Currency', order.currency),
  ])
}

function itemElement(line: OrderLine, index: number): Xml {
  return element('Item', [
    element('LineNumber', index),
    element('ItemID', line.code),
    element('ItemCode', line.code),
    element('Quantity', line.quantity),
    element('UnitPrice', writeCents(line.unitPriceCents)),
    element('Description', line.description),
  ])
}

/** `-5` cents: `-0.05`. */
function writeCents(cents: number): string {
  return (cents / 100).toFixed(2)
}

/** `Wed Aug 15 00:50:09 2007 GMT`, as clients have always had to read it. */
function writeTime(time: Date): string {
  const [weekday, day, month, year, clock] = time.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${day} ${clock} ${year} GMT`
}
