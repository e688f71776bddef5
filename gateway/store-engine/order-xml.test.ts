import { expect, test } from 'vitest'
import { orderElement } from './order-xml.ts'

const order = {
  storeId: 'harbor-lights',
  number: 1001,
  placedAt: new Date('2007-08-15T00:50:09.123Z'),
  status: 'OK',
  currency: 'USD',
  shipTo: 'Ann & Sons <Ltd>, 1 Quay',
  lines: [
    { code: 'rope', description: 'Rope "12 mm"', quantity: 3, unitPriceCents: 1 },
    { code: 'lamp', description: 'Lampe à huile', quantity: 1, unitPriceCents: 123_456 },
  ],
}

test('an order is written as the guide of 2013 has it, and escaped', () => {
  expect(orderElement(order)).toBe(
    '<Order><OrderID>1001</OrderID><CreationTime>Wed Aug 15 00:50:09 2007 GMT</CreationTime><Status>OK</Status>' +
      '<StatusList><OrderStatus><StatusID>0</StatusID></OrderStatus></StatusList>' +
      '<ShipToInfo><AddressInfo><Address1>Ann &amp; Sons &lt;Ltd&gt;, 1 Quay</Address1></AddressInfo></ShipToInfo>' +
      '<ItemList><Item><LineNumber>0</LineNumber><ItemID>rope</ItemID><ItemCode>rope</ItemCode>' +
      '<Quantity>3</Quantity><UnitPrice>0.01</UnitPrice><Description>Rope &quot;12 mm&quot;</Description></Item>' +
      '<Item><LineNumber>1</LineNumber><ItemID>lamp</ItemID><ItemCode>lamp</ItemCode>' +
      '<Quantity>1</Quantity><UnitPrice>1234.56</UnitPrice><Description>Lampe à huile</Description></Item></ItemList>' +
      '<OrderTotals><Subtotal>1234.59</Subtotal><Total>1234.59</Total></OrderTotals><Currency>USD</Currency></Order>',
  )
})

test('a status of the merchant has only its words', () => {
  const xml = orderElement({ ...order, status: 'constructor' })
  expect(xml).toContain('<Status>constructor</Status>')
  expect(xml).not.toContain('StatusList')
})
