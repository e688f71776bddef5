import { expect, test } from 'vitest'
import { readXml } from '../store-api/xml/read.ts'
import { readOrderUpdate } from './order-update.ts'

const read = (inner: string) => {
  const order = readXml(`<Order>${inner}</Order>`)
  if (!order.ok) throw new Error(order.refusal)
  return readOrderUpdate(order.value)
}
const list = (inner: string) => `<StatusList>${inner}</StatusList>`
const status = (inner: string) => list(`<OrderStatus>${inner}</OrderStatus>`)

test.each([
  [
    'as the guide has it',
    '<OrderID> 485 </OrderID>',
    status('<StatusID> 5 </StatusID><Note> a note </Note>'),
  ],
  ['without a note, the other way round', status('<StatusID>5</StatusID>'), '<OrderID>485</OrderID>'],
])('a change of status is read: %s', (_, ...parts) => {
  expect(read(parts.join(''))).toEqual({ ok: true, value: { orderId: '485', statusId: 5 } })
})

const id = '<OrderID>485</OrderID>'
test.each([
  ['no order', status('<StatusID>5</StatusID>')],
  ['two orders', `${id}<OrderID>486</OrderID>${status('<StatusID>5</StatusID>')}`],
  ['no status', id],
  ['an empty list', id + list('')],
  ['an empty status', id + status('')],
  ['two statuses', id + list('<OrderStatus><StatusID>5</StatusID></OrderStatus>'.repeat(2))],
  ['a status that is no number', id + status('<StatusID>OK</StatusID>')],
  ['a status below nought', id + status('<StatusID>-5</StatusID>')],
  [
    'a shipment beside it, which would be lost',
    `${id}${status('<StatusID>5</StatusID>')}<CartShipmentInfo/>`,
  ],
  ['an address instead', `${id}<ShipToInfo/>`],
  ['something else in the status', id + status('<StatusID>5</StatusID><Date/>')],
])('an update with %s is refused', (_, inner) => {
  expect(read(inner)).toEqual({ ok: false, refusal: 10002 })
})
