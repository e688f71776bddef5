import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createTurns } from './one-at-a-time.ts'

let server: Server
let client: Socket
let accepted: Socket
/** The calls that have begun, until they are answered. */
let underWay: { request: IncomingMessage; response: ServerResponse }[]
let begun: string[]
let received: string
afterEach(() => {
  client.destroy()
  server.closeAllConnections()
  server.close()
})

async function open() {
  const inTurn = createTurns()
  underWay = []
  begun = []
  received = ''
  server = createServer((request, response) =>
    inTurn(request, response, () => {
      begun.push(request.url ?? '')
      underWay.push({ request, response })
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const connected = once(server, 'connection')
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('data', (chunk) => {
    received += chunk
  })
  client.on('error', () => {})
  accepted = (await connected)[0]
}

const call = (path: string, body = '') =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const calls = (count: number, body?: string) =>
  Array.from({ length: count }, (_, n) => call(`/${n}`, body)).join('')

function answerFirst() {
  const { request, response } = underWay.shift() ?? {}
  request?.resume()
  response?.end(`<${request?.url}>`)
}

const untilBegun = (count: number) => expect.poll(() => begun.length, { interval: 1 }).toBe(count)

test('of calls that come together the next begins when the one before is answered', async () => {
  await open()
  client.write(calls(4))
  for (let n = 1; n <= 4; n++) {
    await untilBegun(n)
    expect(underWay).toHaveLength(1)
    answerFirst()
  }
  await expect.poll(() => received.match(/<.*?>/g), { interval: 1 }).toEqual(['</0>', '</1>', '</2>', '</3>'])
})

test('while more than a few wait nothing more is read, and then all of it', async () => {
  await open()
  const body = 'x'.repeat(30_000)
  const count = 100
  client.write(calls(count, body))
  await expect.poll(() => accepted.isPaused(), { interval: 1 }).toBe(true)
  const { bytesRead } = accepted
  expect(bytesRead).toBeLessThan((count * body.length) / 2)
  for (let n = 1; n <= count; n++) {
    await untilBegun(n)
    answerFirst()
  }
  await expect.poll(() => received.match(/<.*?>/g)?.length, { interval: 1 }).toBe(count)
  expect(begun).toEqual(Array.from({ length: count }, (_, n) => `/${n}`))
})

test('what waits is never begun once the caller is gone', async () => {
  await open()
  client.write(calls(5))
  await untilBegun(1)
  client.resetAndDestroy()
  await expect.poll(() => accepted.destroyed, { interval: 1 }).toBe(true)
  answerFirst()
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(begun).toEqual(['/0'])
})

test('calls behind one that ends the connection are not begun', async () => {
  await open()
  client.write(calls(3))
  await untilBegun(1)
  underWay[0]?.response.setHeader('Connection', 'close')
  answerFirst()
  await once(client, 'close')
  expect(begun).toEqual(['/0'])
})
