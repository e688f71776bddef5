import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { codeIn, type Door, envelopeOf, knownToken, openDoorWithout, send } from '#e2e/gateway/door.ts'
import { createTokenText } from '#lib/tokens/secret.ts'
import type { GatewayLimits } from './server.ts'

const good = createTokenText()
let door: Door
let socket: Socket | undefined

const open = async (limits: Partial<GatewayLimits> = {}) => {
  door = await openDoorWithout(new Map([[good, knownToken()]]), { limits })
}
afterEach(async () => {
  socket?.destroy()
  await door.close()
})

/** Sends raw text and gives what comes back until the door ends the connection. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    socket = connect(door.port, '127.0.0.1', () => socket?.write(text))
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}

const wellFormedError =
  /<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" >.*<Code>10009<\/Code>/

describe('size', () => {
  const padded = (bytes: number) => {
    const body = envelopeOf({ storeId: 'harbor-lights', token: good })
    return body + ' '.repeat(bytes - body.length)
  }

  test('a body of 64 KiB is read, one byte more is not', async () => {
    await open()
    expect(codeIn(await send(door, '/V1/order', { body: padded(65_536) }))).toBe(10004)
    const answer = await send(door, '/V1/order', { body: padded(65_537) })
    expect([answer.status, codeIn(answer), answer.headers.connection]).toEqual([400, 10009, 'close'])
    expect(door.log()).toContain('"detail":"too-large"')
  })

  test('a body that announces too much is answered at once and not waited for', async () => {
    await open()
    const received = await exchange(
      'POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n<a>',
    )
    expect(received).toMatch(/^HTTP\/1\.1 400 /)
    expect(received).toMatch(wellFormedError)
  })

  test('who asks whether to send too much is told no', async () => {
    await open()
    const head = 'POST /V1/order HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n'
    expect(await exchange(`${head}Content-Length: 70000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
    const body = envelopeOf({ storeId: 'harbor-lights', token: good })
    const received = await exchange(
      `${head}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 [\s\S]*<Code>10004</)
  })

  test('a body in chunks that never ends is cut off, and the caller still hears why', async () => {
    await open()
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const received = await exchange(
      `POST /V1/order HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(8)}`,
    )
    expect(received).toMatch(wellFormedError)
  })

  test('who goes on sending before he reads hears the answer too: the connection is not reset under him', async () => {
    await open()
    const sending = connect(door.port, '127.0.0.1').pause()
    const closed = once(sending, 'close')
    let received = ''
    sending.on('data', (chunk) => {
      received += chunk
    })
    sending.pause()
    sending.write('POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n')
    await expect.poll(() => door.log(), { interval: 1 }).toContain('too-large')
    for (let n = 0; n < 10; n++) {
      await new Promise((resolve) => sending.write('x'.repeat(10_000), resolve))
    }
    sending.resume()
    await closed
    expect(received).toMatch(wellFormedError)
  })

  test('headers of more than 16 KiB are refused, in XML', async () => {
    await open()
    const received = await exchange(`POST /V1/order HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`)
    expect(received).toMatch(/^HTTP\/1\.1 431 [\s\S]*Content-Type: text\/xml; charset=utf-8/)
    expect(received).toMatch(wellFormedError)
  })
})

describe('time', () => {
  const quick = { headersTimeoutMs: 60, requestTimeoutMs: 120, timeoutCheckMs: 20 }

  test.each([
    ['headers', 'POST /V1/order HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['a body', 'POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<a'],
  ])('a caller who never finishes %s is sent away', async (_, text) => {
    await open(quick)
    const received = await exchange(text)
    expect(received).toMatch(/^HTTP\/1\.1 408 /)
    expect(received).toMatch(wellFormedError)
  })

  test('others are served meanwhile', async () => {
    await open(quick)
    const slow = Promise.all(Array.from({ length: 50 }, () => exchange('POST /V1/order HTTP/1.1\r\n')))
    const body = envelopeOf({ storeId: 'harbor-lights', token: good })
    expect(codeIn(await send(door, '/V1/order', { body }))).toBe(10004)
    expect(await slow).toHaveLength(50)
  })
})

test.each(['nonsense\r\n\r\n', 'POST /V1/order HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'])(
  'what is not HTTP is refused in XML',
  async (text) => {
    await open()
    const received = await exchange(text)
    expect(received).toMatch(/^HTTP\/1\.1 400 /)
    expect(received).toMatch(wellFormedError)
  },
)

test('a request with two lengths is refused: nothing can be smuggled behind another', async () => {
  await open()
  const received = await exchange(
    'POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  )
  expect(received).toMatch(/^HTTP\/1\.1 400 /)
})

test('a caller without Host is answered', async () => {
  await open()
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  const received = await exchange(`POST /V1/order HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  expect(received).toContain('<Code>10004</Code>')
})

test('a caller who goes in the middle of a body leaves nothing behind', async () => {
  await open()
  socket = connect(door.port, '127.0.0.1')
  socket.write('POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<a')
  await new Promise((resolve) => socket?.once('connect', resolve))
  socket.resetAndDestroy()
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  expect(codeIn(await send(door, '/V1/order', { body }))).toBe(10004)
})
