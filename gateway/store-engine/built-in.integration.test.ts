import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildOrders, buildStore } from '#tools/seed/builders.ts'
import { type DatabaseGateway, openDatabaseGateway } from '../testing/database-gateway.ts'
import { codeIn, envelopeOf, orderQuery, send } from '../testing/gateway.ts'

let gateway: DatabaseGateway
let token: string

beforeAll(async () => {
  gateway = await openDatabaseGateway()
  token = (await gateway.issue()).text
  const { storeId } = gateway
  // Beside 1001 to 1003: a gap, then more than an answer holds by number, then by size.
  await buildOrders(gateway.owner, { storeId, count: 150, firstNumber: 2001 })
  await buildOrders(gateway.owner, { storeId, count: 40, firstNumber: 3001 })
  await buildOrders(gateway.owner, { storeId, count: 2, firstNumber: 4001 })
  await widen(3001, 3040, 5_000)
  await widen(4001, 4001, 150_000)
  const other = await buildStore(gateway.owner, { id: 'store-beside' })
  await buildOrders(gateway.owner, { storeId: other.id, count: 3, firstNumber: 1003 })
})
afterAll(() => gateway.close())

const widen = (first: number, last: number, length: number) =>
  gateway.owner.$client.query(
    `update orders set ship_to = repeat('\u00e9', $1::int / 2) where store_id = $2 and number between $3 and $4`,
    [length, gateway.storeId, first, last],
  )

const call = (resources: string, verb = 'get') =>
  send(gateway, '/V1/order', { body: envelopeOf({ storeId: gateway.storeId, token, resources, verb }) })
const query = (params: string) =>
  call(
    `<OrderListQuery><Filter><Include>status</Include></Filter><QueryParams>${params}</QueryParams></OrderListQuery>`,
  )
const interval = (start: number | string, end: number | string) =>
  query(`<IntervalRange><Start>${start}</Start><End> ${end} </End></IntervalRange>`)
const counted = (start: number | string, count: number | string) =>
  query(`<CountedRange><Start> ${start} </Start><Count>${count}</Count></CountedRange>`)
const numbersIn = ({ body }: { body: string }) =>
  [...body.matchAll(/<OrderID>(\d+)<\/OrderID>/g)].map(([, number]) => Number(number))
const fromTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n)

describe('ranges', () => {
  test.each([
    ['an interval, both ends included', () => interval(1001, 1003), [1001, 1002, 1003]],
    ['an interval of one', () => interval(1002, 1002), [1002]],
    ['an interval across a gap', () => interval(1002, 2002), [1002, 1003, 2001, 2002]],
    ['an interval from 0', () => interval(0, 1001), [1001]],
    ['an interval to the end of all numbers', () => interval(4002, '99999999999999999999'), [4002]],
    ['a count', () => counted(1001, 2), [1001, 1002]],
    [
      'a count from a number that is no order, across a gap',
      () => counted(500, 5),
      [1001, 1002, 1003, 2001, 2002],
    ],
    ['a count for which there are too few', () => counted(4002, 100), [4002]],
  ])('%s: ascending, of this store alone', async (_, ask, numbers) => {
    const answer = await ask()
    expect(answer.status).toBe(200)
    expect(numbersIn(answer)).toEqual(numbers)
    expect(answer.body).toMatch(
      /<\/RequestID><ResponseResourceList><OrderList>(<Order>.*<\/Order>)+<\/OrderList><\/ResponseResourceList></,
    )
  })

  test.each([
    ['between orders', () => interval(1004, 2000), 10004],
    ['after all of them', () => counted(4003, 10), 10004],
    ['beyond all numbers', () => counted('99999999999999999999', 10), 10004],
    ['of 0 alone', () => interval(0, 0), 10004],
    ['the wrong way round', () => interval(1003, 1001), 20028],
    ['with a start that is none', () => counted('x', 1), 20021],
    ['with an end that is none', () => interval(1001, "1003' or 1=1"), 20026],
    ['of no orders', () => counted(1001, 0), 20025],
    ['of too many', () => counted(1001, 101), 20022],
  ])('there are no orders for a range %s', async (_, ask, code) => {
    const answer = await ask()
    expect([answer.status, codeIn(answer)]).toEqual([400, code])
  })

  test('no answer holds more than 100 orders; the next range goes on behind them', async () => {
    expect(numbersIn(await interval(2001, 2999))).toEqual(fromTo(2001, 2100))
    expect(numbersIn(await counted(2001, 100))).toEqual(fromTo(2001, 2100))
    expect(numbersIn(await interval(2101, 2999))).toEqual(fromTo(2101, 2150))
  })

  test('no answer of several orders is longer than 100 KB; it ends between two orders', async () => {
    const answer = await interval(3001, 3040)
    const numbers = numbersIn(answer)
    const last = numbers.at(-1) ?? 0
    expect(numbers).toEqual(fromTo(3001, last))
    expect(
      answer.body.endsWith('</Order></OrderList></ResponseResourceList></ystorews:ystorewsResponse>\n'),
    ).toBe(true)
    const [one] = /<Order>.*?<\/Order>/.exec((await call(orderQuery(last + 1))).body) ?? ['']
    expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(102_400)
    expect(Buffer.byteLength(answer.body) + Buffer.byteLength(one)).toBeGreaterThan(100_000)
    expect(numbersIn(await interval(last + 1, 3040))[0]).toBe(last + 1)
  })

  test('an order that is longer by itself is not withheld', async () => {
    expect(numbersIn(await interval(4001, 4002))).toEqual([4001])
    expect(numbersIn(await call(orderQuery(4001)))).toEqual([4001])
  })
})

test('calls at the same time get the order that each asked for, and none where there is none', async () => {
  const numbers = [1003, 1001, 999, ...fromTo(2001, 2120), 1003, 5000, 1002]
  const answers = await Promise.all(numbers.map((number) => call(orderQuery(number))))
  const stored = new Set([...fromTo(1001, 1003), ...fromTo(2001, 2120)])
  expect(answers.map(numbersIn)).toEqual(numbers.map((number) => (stored.has(number) ? [number] : [])))
  expect(codeIn(answers[2] as (typeof answers)[number])).toBe(10004)
})

describe('a change of status', () => {
  const update = (number: number | string, statusId: number | string, more = '') =>
    call(
      `<Order><OrderID> ${number} </OrderID><StatusList><OrderStatus><StatusID> ${statusId} </StatusID><Note>why</Note></OrderStatus></StatusList>${more}</Order>`,
      'update',
    )
  const rows = async () =>
    (
      await gateway.owner.$client.query(
        'select store_id, number, status, ship_to, currency, placed_at, lines from orders order by store_id, number',
      )
    ).rows as { store_id: string; number: number; status: string }[]
  const statusOf = async (number: number) =>
    (await rows()).find((row) => row.store_id === gateway.storeId && row.number === number)?.status

  test.each([
    [0, 'OK'],
    [1, 'Fraudulent'],
    [2, 'Cancelled'],
    [3, 'Returned'],
    [4, 'On Hold'],
    [5, 'Pending Review'],
  ])('to %i: %s, in this order of this store and nowhere else, however often', async (statusId, status) => {
    const before = await rows()
    for (let n = 0; n < 2; n++) {
      const answer = await update(1003, statusId)
      expect(answer.status).toBe(200)
      expect(answer.body).toMatch(/<\/RequestID><ProcessingStatus>All OK<\/ProcessingStatus><\/ystorews/)
    }
    expect(await rows()).toEqual(
      before.map((row) =>
        row.store_id === gateway.storeId && row.number === 1003 ? { ...row, status } : row,
      ),
    )
    expect((await call(orderQuery(1003))).body).toContain(
      `<Status>${status}</Status><StatusList><OrderStatus><StatusID>${statusId}</StatusID></OrderStatus></StatusList>`,
    )
  })

  test.each([6, 7, 8, 9, 16, 112, 999, '05x', -5, ''])('to %s is not permitted', async (statusId) => {
    const before = await rows()
    expect(codeIn(await update(1001, statusId))).toBe(10002)
    expect(await rows()).toEqual(before)
  })

  test.each([1005, 999, 0, -1, 'abc', '99999999999999999999', '2147483648'])(
    'of order %s, which the store does not have: 10004',
    async (number) => {
      const before = await rows()
      expect(codeIn(await update(number, 2))).toBe(10004)
      expect(await rows()).toEqual(before)
    },
  )

  test('beside something else that would be lost is not permitted, and nothing is changed', async () => {
    await update(1002, 0)
    expect(
      codeIn(await update(1002, 2, '<CartShipmentInfo><ShipState>shipped</ShipState></CartShipmentInfo>')),
    ).toBe(10002)
    expect(await statusOf(1002)).toBe('OK')
  })

  test('many at once end in one of them', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, (_, n) => update(1001, n % 6)))
    expect(answers.map(({ status }) => status)).toEqual(Array(24).fill(200))
    expect(['OK', 'Fraudulent', 'Cancelled', 'Returned', 'On Hold', 'Pending Review']).toContain(
      await statusOf(1001),
    )
  })

  test('a revoked token changes nothing', async () => {
    const { id, text } = await gateway.issue()
    await gateway.revoke([id])
    await update(1002, 0)
    const resources =
      '<Order><OrderID>1002</OrderID><StatusList><OrderStatus><StatusID>2</StatusID></OrderStatus></StatusList></Order>'
    const body = envelopeOf({ storeId: gateway.storeId, token: text, verb: 'update', resources })
    expect(codeIn(await send(gateway, '/V1/order', { body }))).toBe(10009)
    expect(await statusOf(1002)).toBe('OK')
  })

  test('the application may change nothing of an order but its status', async () => {
    const app = gateway.databases.rest.$client
    await app.query("update orders set status = 'OK' where number = 1001")
    for (const change of ["ship_to = 'x'", 'number = 1', "lines = '[]'", 'store_id = store_id']) {
      await expect(app.query(`update orders set ${change} where number = 1001`)).rejects.toThrow(
        /permission denied/,
      )
    }
    await expect(app.query('delete from orders')).rejects.toThrow(/permission denied/)
  })
})
