import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import {
  codeIn,
  envelopeOf,
  type Gateway,
  introspectionClient,
  knownToken,
  openGatewayWithout,
  send,
} from '../testing/gateway.ts'
import type { GatewayLimits } from './server.ts'

const good = createTokenText()
let gateway: Gateway
let socket: Socket | undefined

const open = async (limits: Partial<GatewayLimits> = {}) => {
  gateway = await openGatewayWithout(new Map([[good, knownToken()]]), { limits })
}
afterEach(async () => {
  socket?.destroy()
  await gateway.close()
})

/** Sends raw text and gives what comes back until the gateway ends the connection. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    socket = connect(gateway.port, '127.0.0.1', () => socket?.write(text))
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
    expect(codeIn(await send(gateway, '/V1/order', { body: padded(65_536) }))).toBe(10004)
    const answer = await send(gateway, '/V1/order', { body: padded(65_537) })
    expect([answer.status, codeIn(answer), answer.headers.connection]).toEqual([400, 10009, 'close'])
    expect(gateway.log()).toContain('"detail":"too-large"')
  })

  test('a body that announces too much is answered at once and not waited for', async () => {
    await open()
    const received = await exchange(
      'POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n<a>',
    )
    expect(received).toMatch(/^HTTP\/1\.1 400 /)
    expect(received).toMatch(wellFormedError)
  })

  test('who asks whether to send too much is answered no', async () => {
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

  test('who goes on sending before they read hears the answer too: the connection is not reset under them', async () => {
    await open()
    const sending = connect(gateway.port, '127.0.0.1').pause()
    const closed = once(sending, 'close')
    let received = ''
    sending.on('data', (chunk) => {
      received += chunk
    })
    sending.pause()
    sending.write('POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n')
    await expect.poll(() => gateway.log(), { interval: 1 }).toContain('too-large')
    for (let n = 0; n < 10; n++) {
      await new Promise((resolve) => sending.write('x'.repeat(10_000), resolve))
    }
    sending.resume()
    await closed
    expect(received).toMatch(wellFormedError)
  })

  test.each([
    ['a length', (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`],
    ['chunks', (body: string) => `Transfer-Encoding: chunked\r\n\r\n${inChunks(body)}`],
  ])('a larger limit is kept to the byte, for a body with %s', async (_, write) => {
    await open({ bodyBytes: 100_000 })
    const post = (bytes: number) =>
      exchange(`POST /V1/order HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${write(padded(bytes))}`)
    expect(await post(100_000)).toContain('<Code>10004<')
    expect(await post(100_001)).toContain('<Code>10009<')
  })

  const inChunks = (body: string, extension = '') => {
    const chunks = body.match(/.{1,5000}/gs) ?? []
    return `${chunks.map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`
  }

  test('chunks that say more than their data are refused', async () => {
    await open()
    const post = (extension: string) =>
      exchange(
        `POST /V1/order HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${inChunks(padded(600), extension)}`,
      )
    expect(await post(';a=b')).toContain('<Code>10004<')
    const received = await post(`;${'a'.repeat(20_000)}`)
    expect(received).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(received).toMatch(wellFormedError)
  })

  test('headers of 15 KiB, and a hundred of them, are read', async () => {
    await open()
    const body = envelopeOf({ storeId: 'harbor-lights', token: good })
    const post = (headers: string) =>
      exchange(
        `POST /V1/order HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
      )
    expect(await post(`X: ${'x'.repeat(15_000)}\r\n`)).toContain('<Code>10004<')
    expect(await post('X: y\r\n'.repeat(100))).toContain('<Code>10004<')
  })

  test('more headers than fit into 16 KiB are refused, however short', async () => {
    await open()
    const received = await exchange(
      `POST /V1/order HTTP/1.1\r\nHost: x\r\n${'X: yyyyyyyyyyyyyyyy\r\n'.repeat(1_500)}\r\n`,
    )
    expect(received).toMatch(/^HTTP\/1\.1 431 /)
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

  test('a caller who trickles a body is sent away as soon, whatever they send', async () => {
    await open(quick)
    let received = ''
    const trickling = connect(gateway.port, '127.0.0.1')
    socket = trickling
    trickling.on('error', () => {})
    trickling.on('data', (chunk) => {
      received += chunk
    })
    trickling.write('POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n')
    const drops = setInterval(() => trickling.write(' '), 10)
    await once(trickling, 'close')
    clearInterval(drops)
    expect(received).toMatch(/^HTTP\/1\.1 408 /)
    expect(received).toMatch(wellFormedError)
  })

  test('a connection that waits for its next call is closed after its time, not before', async () => {
    await open({ keepAliveTimeoutMs: 1_000 })
    socket = connect(gateway.port, '127.0.0.1')
    const closed = once(socket, 'close')
    const answers = answersOn(socket)
    const startedAt = performance.now()
    socket.write(call())
    await answers.untilCount(1)
    socket.write(call())
    await answers.untilCount(2)
    await closed
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000)
  })

  test('others are served meanwhile', async () => {
    await open(quick)
    const slow = Promise.all(Array.from({ length: 50 }, () => exchange('POST /V1/order HTTP/1.1\r\n')))
    const body = envelopeOf({ storeId: 'harbor-lights', token: good })
    const answered = async () => codeIn(await send(gateway, '/V1/order', { body }))
    // Under these limits the test's own call may be too slow on a busy machine.
    await expect.poll(answered, { interval: 1 }).toBe(10004)
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

test.each([
  ['none in HTTP/1.1', ''],
  ['an empty one', 'Host: \r\n'],
  ['a port that is none', 'Host: harbor-lights.order.example:x\r\n'],
  ['a path behind it', 'Host: harbor-lights.order.example/x\r\n'],
  ['a user before it', 'Host: x@harbor-lights.order.example\r\n'],
  ['a space in it', 'Host: harbor-lights.order.exa mple\r\n'],
  ['percents', 'Host: harb%6Fr-lights.order.example\r\n'],
  ['two names', 'Host: harbor-lights.order.example, x\r\n'],
  ['an empty part', 'Host: harbor-lights..order.example\r\n'],
  ['more than a name of DNS', `Host: ${'a.'.repeat(200)}example\r\n`],
  ['another store, though the token is good', 'Host: other.order.example:\r\n'],
])('a Host that nobody can read, or of another store, is refused: %s', async (_, host) => {
  await open()
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  const length = `Connection: close\r\nContent-Length: ${body.length}`
  const received = await exchange(`POST /V1/order HTTP/1.1\r\n${host}${length}\r\n\r\n${body}`)
  expect(received).toMatch(/^HTTP\/1\.1 400 /)
  expect(received).toContain('<Code>10010</Code>')
})

test.each(['/revoke', '/introspect', '/authorize?store=harbor-lights&api=order'])(
  'so it is at %s',
  async (path) => {
    await open()
    const basic = Buffer.from(`${introspectionClient.id}:${introspectionClient.secret}`).toString('base64')
    const authorization = path === '/introspect' ? `Basic ${basic}` : `Bearer ${good}`
    const body = `token=${good}`
    const form = `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}`
    const head = `Authorization: ${authorization}\r\nConnection: close\r\n${form}`
    for (const host of ['', 'Host: a b\r\n', 'Host: x\r\nHost: y\r\n']) {
      const received = await exchange(`POST ${path} HTTP/1.1\r\n${host}${head}\r\n\r\n${body}`)
      expect(received).toMatch(/^HTTP\/1\.1 40[03] /)
    }
    expect(await exchange(`POST ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`)).toMatch(
      /^HTTP\/1\.1 200 /,
    )
  },
)

describe('a target in absolute form', () => {
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  const ask = (target: string, host: string) =>
    exchange(
      `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )

  test.each([
    ['http://harbor-lights.order.example/V1/order', 'harbor-lights.order.example', 10004],
    ['HTTPS://harbor-lights.order.example:443/V1/order?x=http://y/', 'harbor-lights.order.example', 10004],
    ['http://harbor-lights.order.example/V1/order', 'x', 10004],
    ['http://x/V1/order', 'harbor-lights.order.example', 10004],
    ['http://other.order.example/V1/order', 'x', 10010],
    ['http://other.order.example/V1/order', 'harbor-lights.order.example', 10010],
    ['http://harbor-lights.order.example/V1/order', 'other.order.example', 10010],
    ['http://user@harbor-lights.order.example/V1/order', 'x', 10010],
    ['http:///V1/order', 'x', 10010],
    ['http://harbor-lights.order.example', 'x', 10002],
    ['ftp://harbor-lights.order.example/V1/order', 'x', 10002],
  ])('%s at the host %s is read as its path, and its name as the host: %i', async (target, host, code) => {
    await open()
    expect(await ask(target, host)).toContain(`<Code>${code}</Code>`)
  })

  test('is taken for probes too', async () => {
    await open()
    const received = await exchange('GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(received).toMatch(/^HTTP\/1\.1 200 /)
  })
})

test('HTTP/1.0 with a Transfer-Encoding is answered and closed, whatever the caller wishes', async () => {
  await open()
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  const head =
    'POST /V1/order HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n'
  const received = await exchange(`${head}\r\n${chunked}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`)
  expect(received).toContain('<Code>10004</Code>')
  expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
})

test.each(['/healthz', '/readyz'])('so it is at %s', async (path) => {
  await open()
  const head = `GET ${path} HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n`
  const received = await exchange(`${head}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`)
  expect(received).toMatch(/^HTTP\/1\.1 (200|503) /)
  expect(received).toMatch(/^Connection: close/im)
  expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
})

test('a caller who goes in the middle of a body leaves nothing behind', async () => {
  await open()
  socket = connect(gateway.port, '127.0.0.1')
  socket.write('POST /V1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<a')
  await new Promise((resolve) => socket?.once('connect', resolve))
  socket.resetAndDestroy()
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  expect(codeIn(await send(gateway, '/V1/order', { body }))).toBe(10004)
})

/** A whole call, on a connection that is kept. */
function call(headers = ''): string {
  const body = envelopeOf({ storeId: 'harbor-lights', token: good })
  return `POST /V1/order HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`
}

function answersOn(socket: Socket) {
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  const count = () => received.split('</ystorews:ystorewsResponse>').length - 1
  return {
    received: () => received,
    untilCount: (wanted: number) => expect.poll(count, { interval: 1 }).toBe(wanted),
  }
}

describe('connections', () => {
  const way = 'CONNECT mail.example:25 HTTP/1.1\r\nHost: mail.example:25\r\n\r\n'

  test('who asks for a way to somebody else is refused, and the connection is closed', async () => {
    await open()
    const received = await exchange(`${way}EHLO example`)
    expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(received).toMatch(/\r\nConnection: close\r\n/)
    expect(received).toMatch(wellFormedError)
    expect(gateway.log()).toContain('"detail":"connect"')
    expect(gateway.log().match(/"msg":"call"/g)).toHaveLength(1)
  })

  test('what was asked before that is answered first, and nothing after it', async () => {
    await open()
    const received = await exchange(`${call()}${way}${call()}`)
    const [first = '', ...others] = received.split(/(?=HTTP\/1\.1 )/)
    expect(first).toContain('<Code>10004</Code>')
    for (const other of others) expect(other).toContain('<Code>10009</Code>')
    expect(others.length).toBeLessThanOrEqual(1)
  })

  test('one carries any number of calls', async () => {
    await open()
    socket = connect(gateway.port, '127.0.0.1')
    const answers = answersOn(socket)
    for (let n = 1; n <= 300; n++) {
      socket.write(call())
      await answers.untilCount(n)
    }
    expect(new Set(gateway.log().match(/"requestId":"[^"]+"/g)).size).toBe(300)
  })

  test('calls that are sent without waiting for answers are all answered, in their order', async () => {
    await open()
    socket = connect(gateway.port, '127.0.0.1')
    const answers = answersOn(socket)
    socket.write(`${call().repeat(20)}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    await once(socket, 'close')
    await answers.untilCount(20)
    expect(
      answers
        .received()
        .split('HTTP/1.1 ')
        .slice(1)
        .map((answer) => answer.slice(0, 3)),
    ).toEqual([...Array(20).fill('400'), '200'])
  })

  test('one more than allowed is closed at once, and one that has gone makes room', async () => {
    await open({ connections: 2 })
    const opened = () => {
      const one = connect(gateway.port, '127.0.0.1')
      one.on('error', () => {})
      return one
    }
    const [first, second] = [opened(), opened()]
    await Promise.all([once(first, 'connect'), once(second, 'connect')])
    first.write(call())
    await answersOn(first).untilCount(1)
    const third = opened()
    third.write(call())
    await once(third, 'close')
    expect(third.bytesRead).toBe(0)
    first.destroy()
    await expect.poll(() => exchange(call('Connection: close\r\n')).catch(() => '')).toContain('<Code>10004<')
    second.destroy()
  })
})
