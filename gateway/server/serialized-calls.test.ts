import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { serializePerConnection } from './serialized-calls.ts'

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
  const serialized = serializePerConnection()
  underWay = []
  begun = []
  received = ''
  server = createServer((request, response) =>
    serialized(request, response, () => {
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

/** For all that is on its way in this process. */
async function manyTurns() {
  for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const patient = { interval: 1, timeout: 20_000 }
const untilBegun = (count: number) => expect.poll(() => begun.length, patient).toBe(count)

test('of calls that come together the next begins when the one before is answered', async () => {
  await open()
  client.write(calls(4))
  for (let n = 1; n <= 4; n++) {
    await untilBegun(n)
    expect(underWay).toHaveLength(1)
    answerFirst()
  }
  await expect.poll(() => received.match(/<.*?>/g), patient).toEqual(['</0>', '</1>', '</2>', '</3>'])
})

test.each([5_000, 30_000, 60_000])(
  'while more than a few wait nothing more is read, and then all of it: bodies of %i bytes',
  async (length) => {
    await open()
    const count = Math.ceil(3_000_000 / length)
    client.write(calls(count, 'x'.repeat(length)))
    await expect.poll(() => accepted.isPaused(), patient).toBe(true)
    await manyTurns()
    // Nine that wait, the one before them, and what came with the last in two reads of 64 KiB.
    expect(accepted.bytesRead).toBeLessThan(10 * length + 200_000)
    for (let n = 1; n <= count; n++) {
      await untilBegun(n)
      answerFirst()
    }
    await expect.poll(() => received.match(/<.*?>/g)?.length, patient).toBe(count)
    expect(begun).toEqual(Array.from({ length: count }, (_, n) => `/${n}`))
  },
)

test('a waiting call whose body comes in many pieces is read when those before it are answered', async () => {
  await open()
  const body = 'x'.repeat(1_000_000)
  client.write(calls(2, body))
  await untilBegun(1)
  await manyTurns()
  answerFirst()
  await untilBegun(2)
  const [{ request } = {}] = underWay
  let length = 0
  for await (const chunk of request ?? []) length += chunk.length
  expect(length).toBe(body.length)
})

test('what waits is never begun once the caller is gone', async () => {
  await open()
  client.write(calls(5))
  await untilBegun(1)
  client.resetAndDestroy()
  await expect.poll(() => accepted.destroyed, patient).toBe(true)
  answerFirst()
  await manyTurns()
  expect(begun).toEqual(['/0'])
})

test('nor where the caller goes as the calls before it end', async () => {
  await open()
  client.write(calls(2))
  await untilBegun(1)
  // Node has given the second its connection by then.
  underWay[0]?.response.once('finish', () => accepted.destroy())
  answerFirst()
  await once(client, 'close')
  await manyTurns()
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
