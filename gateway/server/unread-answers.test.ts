import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { ok } from '#lib/result.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { createStoreCalls } from '../store-api/store-calls.ts'
import { element } from '../store-api/xml/write.ts'
import type { StoreEngine } from '../store-engine/store-engine.ts'
import { codeIn, envelopeOf, type Gateway, knownToken, openGatewayWithout, send } from '../testing/gateway.ts'

const good = createTokenText()
let gateway: Gateway
let client: Socket
let received: string
afterEach(async () => {
  client.destroy()
  await gateway.close()
})

const storeCalls = createStoreCalls({ atOnce: 1 })

async function open(engine: StoreEngine, limits = {}) {
  gateway = await openGatewayWithout(new Map([[good, knownToken()]]), { engine, storeCalls, limits })
  received = ''
  client = connect(gateway.port, '127.0.0.1')
  client.on('error', () => {})
  client.setEncoding('latin1')
  client.on('data', (chunk) => {
    received += chunk
  })
  await once(client, 'connect')
}

/** Until what was received ends with an answer whose one element ends so. Each piece is looked at once. */
function untilAnswered(element: string) {
  const end = `${element}</ystorews:ystorewsResponse>\n`
  let latest = ''
  return new Promise<void>((resolve) => {
    client.on('data', function look(chunk: string) {
      latest = (latest + chunk.slice(-end.length)).slice(-end.length)
      if (latest !== end) return
      client.off('data', look)
      resolve()
    })
  })
}

const untilClosed = () => new Promise((resolve) => client.once('close', resolve))

const body = envelopeOf({ storeId: 'harbor-lights', token: good })
const call = `POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
/** More than any system holds for a connection. */
const long = 'x'.repeat(30_000_000)

test('an answer that the caller does not read is given up, and with it their place and connection', async () => {
  await open({ answer: async () => ok([element('A', long)]) }, { unreadAnswerMs: 50 })
  client.pause()
  client.write(call)
  await expect.poll(() => storeCalls.underWay(), { interval: 1 }).toBe(1)
  await expect.poll(() => storeCalls.underWay(), { interval: 1 }).toBe(0)
  const closed = untilClosed()
  client.resume()
  await closed
  expect(received.length).toBeLessThan(long.length)
})

test('a caller who reads in time gets the whole of a long answer, and may go on', async () => {
  await open({ answer: async () => ok([element('A', long)]) }, { unreadAnswerMs: 60_000 })
  for (let n = 1; n <= 2; n++) {
    received = ''
    const answered = untilAnswered('</A>')
    client.write(call)
    await answered
    expect(received.length).toBeGreaterThan(long.length)
  }
}, 150_000)

test('what is broken behind a call is not answered in its place', async () => {
  const engine = Promise.withResolvers<void>()
  await open({ answer: () => engine.promise.then(() => ok([element('A', 'a')])) })
  const closed = untilClosed()
  client.write(`${call}nonsense\r\n\r\n`)
  await expect.poll(() => storeCalls.underWay(), { interval: 1 }).toBe(1)
  client.write('more of it\r\n\r\n')
  expect(received).toBe('')
  engine.resolve()
  await closed
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(received).toContain('\r\nConnection: close\r\n')
  expect(received).toMatch(/<A>a<\/A><\/ystorews:ystorewsResponse>\n$/)
  await expect.poll(() => storeCalls.underWay(), { interval: 1 }).toBe(0)
})

test('all calls before what is broken are answered, in their order, and none behind it', async () => {
  let count = 0
  await open({
    async answer() {
      await nextTurn()
      return ok([element('A', String(++count))])
    },
  })
  const closed = untilClosed()
  client.write(`${call.repeat(3)}nonsense\r\n\r\n${call}`)
  await closed
  expect(received.match(/<A>\d<\/A>/g)).toEqual(['<A>1</A>', '<A>2</A>', '<A>3</A>'])
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(Array(3).fill('HTTP/1.1 200'))
})

test('nothing is written into an answer that has begun, which comes to its end', async () => {
  const stream = new PassThrough()
  const reply = { status: 200, rawHeaders: ['Content-Length', '5000'], patienceMs: 9_000, longestMs: 9_000 }
  await open({ answer: async () => ok({ ...reply, stream }) })
  client.write(call)
  stream.write('begun')
  await expect.poll(() => received, { interval: 1 }).toMatch(/begun$/)
  const closed = untilClosed()
  client.write('nonsense\r\n\r\n')
  await expect.poll(gateway.log, { interval: 1 }).toContain('broken behind another call')
  stream.end('x'.repeat(4_995))
  await closed
  expect(received).toMatch(/begunx{4995}$/)
})

test('2,000 calls that come together are answered in their order, each with a look-up of its own', async () => {
  const targets: string[] = []
  let atOnce = 0
  let most = 0
  await open({
    async answer({ request }) {
      most = Math.max(most, ++atOnce)
      await nextTurn()
      atOnce--
      targets.push(request.target)
      return ok([element('Target', request.target)])
    },
  })
  const count = 2_000
  const numbered = (n: number) => call.replace('/V1/order', `/V1/order?${n}`)
  const lastAnswer = untilAnswered(`order?${count - 1}</Target>`)
  client.write(Array.from({ length: count }, (_, n) => numbered(n)).join(''))
  await lastAnswer
  const answered = () => received.match(/(?<=order\?)\d+/g)?.map(Number)
  expect(answered()).toEqual(Array.from({ length: count }, (_, n) => n))
  expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(count)
  expect(most).toBe(1)
}, 90_000)

test('who sends many without waiting takes nothing from a good caller', async () => {
  await open({ answer: async () => ok([element('A', 'a')]) })
  const bad = call.replace(good, good.replace(/.$/, '!'))
  const floods = Array.from({ length: 4 }, () => connect(gateway.port, '127.0.0.1').on('error', () => {}))
  for (const flood of floods) {
    const refill = () => {
      while (flood.writable && flood.write(bad.repeat(200)));
    }
    flood.on('drain', refill).on('connect', refill).resume()
  }
  try {
    const answered = () => Math.min(...floods.map(({ bytesRead }) => bytesRead))
    await expect.poll(answered, { interval: 1 }).toBeGreaterThan(10_000)
    for (let n = 0; n < 30; n++) {
      const answer = await send(gateway, '/V1/order', { body })
      expect([answer.status, codeIn(answer)]).toEqual([200, undefined])
    }
  } finally {
    for (const flood of floods) flood.destroy()
  }
}, 60_000)
