import { expect, test } from 'vitest'
import { readXml } from '../store-api/xml/read.ts'
import { readOrderListQuery } from './order-list-query.ts'

const read = (params: string) => {
  const query = readXml(`<OrderListQuery><Filter><Include>all</Include></Filter>${params}</OrderListQuery>`)
  if (!query.ok) throw new Error(query.refusal)
  return readOrderListQuery(query.value)
}
const params = (inner: string) => `<QueryParams>${inner}</QueryParams>`
const interval = (inner: string) => params(`<IntervalRange>${inner}</IntervalRange>`)
const counted = (inner: string) => params(`<CountedRange>${inner}</CountedRange>`)
const lastNumber = 2_147_483_647

test.each([
  ['an order', params('<OrderID> 1001 </OrderID>'), { orderId: '1001' }],
  ['the same order twice', params('<OrderID>7</OrderID><OrderID>7</OrderID>'), { orderId: '7' }],
  ['an interval', interval('<Start> 485 </Start><End>\n486 </End>'), { first: 485, last: 486, limit: 100 }],
  [
    'an interval from its end',
    interval('<End>486</End><Start>485</Start>'),
    { first: 485, last: 486, limit: 100 },
  ],
  ['an interval of one', interval('<Start>5</Start><End>5</End>'), { first: 5, last: 5, limit: 100 }],
  ['an interval from 0', interval('<Start>0</Start><End>5</End>'), { first: 0, last: 5, limit: 100 }],
  ['a count', counted('<Start> 485 </Start><Count> 2 </Count>'), { first: 485, last: lastNumber, limit: 2 }],
  [
    'the highest count',
    counted('<Start>1</Start><Count>100</Count>'),
    { first: 1, last: lastNumber, limit: 100 },
  ],
])('%s is read', (_, xml, value) => {
  expect(read(xml)).toEqual({ ok: true, value })
})

test.each([
  ['no parameters', '', 10002],
  ['empty parameters', params(''), 10002],
  ['another parameter', params('<Date>2007</Date>'), 10002],
  [
    'two kinds at once',
    params('<OrderID>1</OrderID><CountedRange><Start>1</Start><Count>1</Count></CountedRange>'),
    10002,
  ],
  ['two orders', params('<OrderID>1</OrderID><OrderID>2</OrderID>'), 10002],
  ['an empty order number', params('<OrderID/>'), 10002],
  ['an interval without anything', interval(''), 20021],
  ['an interval without a start', interval('<End>1</End>'), 20021],
  ['an interval without an end', interval('<Start>1</Start>'), 20026],
  ['a start that is no number', interval('<Start>x</Start><End>2</End>'), 20021],
  ['a start below nought', interval('<Start>-1</Start><End>2</End>'), 20021],
  ['an end with a fraction', interval('<Start>1</Start><End>2.5</End>'), 20026],
  ['an end in hexadecimal', interval('<Start>1</Start><End>0x10</End>'), 20026],
  ['an end of a thousand digits', interval(`<Start>1</Start><End>${'9'.repeat(1_000)}</End>`), 20026],
  ['a start after the end', interval('<Start>3</Start><End>2</End>'), 20028],
  ['two starts', interval('<Start>1</Start><Start>2</Start><End>3</End>'), 20021],
  ['a count without a start', counted('<Count>2</Count>'), 20021],
  ['no count', counted('<Start>1</Start>'), 20025],
  ['a count of 0', counted('<Start>1</Start><Count>0</Count>'), 20025],
  ['a count below nought', counted('<Start>1</Start><Count>-5</Count>'), 20025],
  ['a count that is no number', counted('<Start>1</Start><Count>all</Count>'), 20025],
  ['a count of 101', counted('<Start>1</Start><Count>101</Count>'), 20022],
])('%s is refused', (_, xml, code) => {
  expect(read(xml)).toEqual({ ok: false, refusal: code })
})
