import { createHash, createSecretKey, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { jwtVerify } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { GatewayOptions } from '../server/server.ts'
import { createStoreCalls } from '../store-api/store-calls.ts'
import { type Engine, openEngine, openRawEngine } from '../testing/engine.ts'
import { codeIn, envelopeOf, type Gateway, knownToken, openGatewayWithout, send } from '../testing/gateway.ts'
import { createForwardingEngine, type ForwardingEngine, type ForwardingOptions } from './forwarding.ts'

/** For a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 30_000 })

const token = createTokenText()
const known = knownToken()
const envelope = envelopeOf({ storeId: known.storeId, token })
const cut = envelope.replace(token, '')
const secret = 'a secret that gateway and engine share'

let engine: Engine
let gateway: Gateway
let forwarding: ForwardingEngine

const openGatewayTo = async (
  to: Engine | { url: string },
  { timeoutMs = 20_000, ...more }: Partial<ForwardingOptions> = {},
  parts: Partial<GatewayOptions> = {},
) => {
  forwarding = createForwardingEngine({ url: to.url, timeoutMs, ...more })
  gateway = await openGatewayWithout(new Map([[token, known]]), { engine: forwarding, ...parts })
}

type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => void

const openBoth = async (
  handle: Handle,
  options: Partial<ForwardingOptions> = {},
  parts: Partial<GatewayOptions> = {},
) => {
  engine = await openEngine(async (incoming, response) => handle(incoming, response, await text(incoming)))
  await openGatewayTo(engine, options, parts)
}

afterEach(async () => {
  await gateway.close()
  await forwarding.close()
  await engine.close()
})

const eventually = (holds: () => void) => vi.waitFor(holds, { timeout: 20_000, interval: 20 })

const logLine = async () => {
  await eventually(() => expect(gateway.log()).toContain('"msg":"call"'))
  return JSON.parse(gateway.log().trim().split('\n').at(-1) as string)
}

describe('what the engine sees', () => {
  let seen: IncomingMessage & { text: string }
  const open = (options: Partial<ForwardingOptions> = {}, parts: Partial<GatewayOptions> = {}) =>
    openBoth(
      (incoming, response, body) => {
        seen = Object.assign(incoming, { text: body })
        response.end('ok')
      },
      options,
      parts,
    )

  test('is the call as it came: method, path, query, headers, body', async () => {
    await open()
    const answer = await send(gateway, '/V1/order?a=1&b=%20', {
      method: 'PUT',
      headers: { 'Content-Type': 'xml', SOAPAction: '"x"', 'User-Agent': 'Shipper/2', 'X-Note': 'caf\u00e9' },
      body: Buffer.from(envelope),
    })
    expect(answer).toMatchObject({ status: 200, body: 'ok' })
    expect(seen).toMatchObject({ method: 'PUT', url: '/V1/order?a=1&b=%20', text: cut })
    expect(seen.headers).toMatchObject({
      'content-type': 'xml',
      soapaction: '"x"',
      'user-agent': 'Shipper/2',
      'x-note': 'caf\u00e9',
      'content-length': String(Buffer.byteLength(cut)),
      host: `127.0.0.1:${engine.port}`,
    })
  })

  test.each(['GET', 'DELETE', 'PATCH', 'HEAD'])(
    'is the method %s too, with its body: the engine decides',
    async (method) => {
      await open()
      expect(
        (await send(gateway, '/V1/order', { method, body: envelope, headers: lengthOf(envelope) })).status,
      ).toBe(200)
      expect(seen).toMatchObject({ method, text: cut })
    },
  )

  test.each([
    ['no verb', { verb: undefined }],
    ['another verb', { verb: 'delete' }],
    ['no resource', { resources: undefined }],
  ])('is also a request with %s', async (_, parts) => {
    await open()
    const body = envelopeOf({ storeId: known.storeId, token, ...parts })
    expect((await send(gateway, '/V1/batchlist', { body })).status).toBe(200)
    expect(seen.text).toBe(body.replace(token, ''))
  })

  test("stands under the path of the engine's address", async () => {
    engine = await openEngine((incoming, response) => response.end(incoming.url))
    await openGatewayTo({ url: `${engine.url}/stores/` })
    expect((await send(gateway, '/V1/CatalogQuery?x', { body: envelope })).body).toBe(
      '/stores/V1/CatalogQuery?x',
    )
  })

  test('has store, partner, token and request of the gateway, and never those of the caller', async () => {
    await open()
    const forged = 'forged'
    const answer = await send(gateway, '/V1/order', {
      body: envelope,
      headers: {
        'x-store-id': forged,
        'X-PARTNER-ID': forged,
        'X-Token-Id': forged,
        'x-Request-ID': forged,
        X_Store_Id: forged,
        x_partner_id: forged,
        'X.Store.Id': forged,
        "x!token'id": forged,
        'X.Call.Signature': forged,
        'X-Apis': forged,
        'True-Client-IP': forged,
        'X-Original-URL': forged,
        'X-Rewrite-URL': forged,
        'X-HTTP-Method': forged,
        'X-HTTP-Method-Override': forged,
        X_Method_Override: forged,
        'X.Forwarded.For': forged,
        'X-Call-Signature': forged,
        'x-call_signature': forged,
        'X-Forwarded-For': forged,
        'X-Forwarded-Port': forged,
        Forwarded: `for=${forged}`,
        'X-Real-IP': forged,
        Authorization: `Bearer ${forged}`,
        'Proxy-Authorization': forged,
        Cookie: forged,
      },
    })
    expect(engine.received().toString()).not.toContain(forged)
    expect(seen.headers).toMatchObject({
      'x-store-id': known.storeId,
      'x-partner-id': known.partnerId,
      'x-token-id': known.tokenId,
      'x-request-id': answer.headers['x-request-id'],
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      via: '1.1 partner-tokens',
    })
    expect(seen.headers).not.toHaveProperty('x-call-signature')
  })

  test('tells the host name that was checked, which a believed proxy may have said', async () => {
    await open({}, { trust: () => true })
    const host = 'harbor-lights.order.store.example'
    const headers = { Host: 'gateway.internal', 'X-Forwarded-Host': host }
    await send(gateway, '/V1/order', { body: envelope, headers })
    expect(seen.headers).toMatchObject({ 'x-forwarded-host': host })
  })

  test('tells what a believed proxy says of the caller', async () => {
    await open({}, { trust: () => true })
    const host = 'harbor-lights.order.store.example'
    await send(gateway, '/V1/order', {
      body: envelope,
      headers: { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https', Host: host },
    })
    expect(seen.headers).toMatchObject({
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': host,
      host: `127.0.0.1:${engine.port}`,
    })
  })

  test('has no header between neighbours, nor what Connection names', async () => {
    await open()
    const raw =
      `POST /V1/order HTTP/1.1\r\nHost: gateway\r\nConnection: close, X-Hop , content-md5\r\nX-Hop: hop\r\n` +
      `Keep-Alive: timeout=hop\r\nTE: trailers, hop\r\nTrailer: hop\r\nProxy-Connection: hop\r\nUpgrade: hop\r\n` +
      `Expect: 100-continue\r\nX-End: end\r\nContent-Length: ${envelope.length}\r\n\r\n${envelope}`
    expect(await exchange(raw)).toContain('HTTP/1.1 200 OK')
    expect(engine.received().toString().toLowerCase()).not.toMatch(/hop|expect:|content-md5/)
    expect(seen.headers).toMatchObject({ 'x-end': 'end', connection: 'keep-alive' })
  })

  test('is signed: whose call it is, and that its body is the one that was let in', async () => {
    await open({ secret })
    const answer = await send(gateway, '/V1/order?q', { body: envelope })
    const { payload, protectedHeader } = await jwtVerify(
      String(seen.headers['x-call-signature']),
      createSecretKey(secret, 'utf8'),
      { algorithms: ['HS256'], issuer: 'partner-tokens', audience: engine.url },
    )
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(payload).toEqual({
      iss: 'partner-tokens',
      aud: engine.url,
      sub: known.partnerId,
      store_id: known.storeId,
      token_id: known.tokenId,
      jti: answer.headers['x-request-id'],
      htm: 'POST',
      htu: '/V1/order',
      body_sha256: createHash('sha256').update(seen.text).digest('base64url'),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 60,
    })
    expect(Math.abs((payload.iat ?? 0) - Date.now() / 1_000)).toBeLessThan(60)
  })

  test('came once, on a connection that the next call uses again', async () => {
    await open()
    for (let n = 0; n < 5; n++) await send(gateway, '/V1/order', { body: envelope })
    expect(
      engine
        .received()
        .toString()
        .match(/POST \/V1\/order/g),
    ).toHaveLength(5)
    expect(engine.connections()).toBe(1)
  })
})

test('what many calls of other stores hold at the engine, nobody else waits for', async () => {
  const others = Array.from({ length: 3 }, (_, n) => ({ storeId: `other-${n}`, token: createTokenText() }))
  const tokens = new Map(others.map(({ storeId, token }) => [token, knownToken({ storeId })]))
  const held: ServerResponse[] = []
  engine = await openEngine((incoming, response) => {
    if (incoming.headers['x-store-id'] === known.storeId) response.end('ok')
    else held.push(response)
  })
  forwarding = createForwardingEngine({ url: engine.url, timeoutMs: 60_000 })
  const storeCalls = createStoreCalls({ atOnce: 50 })
  gateway = await openGatewayWithout(tokens.set(token, known), { engine: forwarding, storeCalls })
  const calls = others.flatMap((other) =>
    Array.from({ length: 50 }, () => start(envelopeOf(other)).on('error', () => {})),
  )
  await eventually(() => expect(held).toHaveLength(150))
  expect(await send(gateway, '/V1/order', { body: envelope })).toMatchObject({ status: 200, body: 'ok' })
  for (const call of calls) call.destroy()
  await eventually(() => expect(storeCalls.underWay()).toBe(0))
})

describe('what the engine never sees', () => {
  const open = () => openBoth((_, response) => response.end('ok'))
  const nothing = () => expect(engine.received()).toHaveLength(0)

  test.each([
    [
      'an unknown token',
      envelopeOf({ storeId: known.storeId, token: createTokenText() }),
      '/V1/order',
      10009,
    ],
    ['no token', envelopeOf({ storeId: known.storeId }), '/V1/order', 10009],
    ['another store', envelopeOf({ storeId: 'another', token }), '/V1/order', 10010],
    ['a path that is not documented', envelope, '/V1/orders', 10002],
    ['a path with a slash more', envelope, '/V1/order/', 10002],
    ['a path that climbs', envelope, '/V1/order/../admin', 10002],
  ])('is a call with %s', async (_, body, path, code) => {
    await open()
    expect(codeIn(await send(gateway, path, { body }))).toBe(code)
    nothing()
  })

  test('is an API that is not ticked, or the host of another API', async () => {
    engine = await openEngine((_, response) => response.end())
    await openGatewayTo(engine)
    const ticked = createTokenText()
    await gateway.close()
    gateway = await openGatewayWithout(new Map([[ticked, knownToken({ apis: ['catalog'] })]]), {
      engine: forwarding,
    })
    const body = envelopeOf({ storeId: known.storeId, token: ticked })
    expect(codeIn(await send(gateway, '/V1/order', { body }))).toBe(10010)
    const headers = { Host: 'harbor-lights.order.store.example' }
    expect(codeIn(await send(gateway, '/V1/CatalogQuery', { body, headers }))).toBe(10002)
    nothing()
  })

  test.each(['OPTIONS', 'TRACE', 'PURGE', 'PROPFIND', 'QUERY'])('is the method %s', async (method) => {
    await open()
    const headers = lengthOf(envelope)
    expect(codeIn(await send(gateway, '/V1/order', { method, body: envelope, headers }))).toBe(10002)
    expect(await logLine()).toMatchObject({ outcome: 'accepted', detail: 'method' })
    nothing()
  })

  const head = (lines: string) =>
    `POST /V1/order HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n${lines}\r\n\r\n`
  const chunked = `${envelope.length.toString(16)}\r\n${envelope}\r\n0\r\n\r\n`
  const twice = `Content-Length: ${envelope.length}`

  test.each([
    ['Content-Length twice', head(`${twice}\r\n${twice}`) + envelope],
    ['two lengths', head(`${twice}\r\nContent-Length: 4`) + envelope],
    ['a length and chunks', head(`${twice}\r\nTransfer-Encoding: chunked`) + chunked],
    ['chunks twice', head('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity') + chunked],
    ['chunks written oddly', head(`${twice}\r\nTransfer-Encoding : chunked`) + chunked],
    ['a folded header', head(`${twice}\r\nX-A: b\r\n Transfer-Encoding: chunked`) + envelope],
    ['a bare line feed', head(`X-A: b\nTransfer-Encoding: chunked\r\n${twice}`) + envelope],
  ])('is a length that can be read in two ways: %s', async (_, raw) => {
    await open()
    const answer = await exchange(raw)
    const heads = engine.received().toString()
    if (heads === '') return expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(heads.match(/^(content-length|transfer-encoding|content_length)/gim)).toEqual(['content-length'])
    expect(heads.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  test('are chunks: a body that came in chunks goes on with its length', async () => {
    await open()
    expect(
      await exchange(head('Transfer-Encoding: chunked\r\nTransfer_Encoding: chunked') + chunked),
    ).toContain('200 OK')
    const sent = engine.received().toString()
    expect(sent).toContain(`content-length: ${cut.length}\r\n`)
    expect(sent).not.toMatch(/transfer.encoding/i)
    expect(sent.endsWith(`\r\n\r\n${cut}`)).toBe(true)
  })
})

describe('the answer', () => {
  test.each([201, 301, 302, 400, 401, 404, 500, 503])(
    'with the status %i is passed on as it is',
    async (status) => {
      await openBoth((_, response) => {
        response.writeHead(status, { Location: 'https://elsewhere.example/', 'Content-Type': 'text/html' })
        response.end('<b>caf\u00e9</b>')
      })
      const answer = await send(gateway, '/V1/order', { body: envelope })
      expect(answer).toMatchObject({
        status,
        body: '<b>caf\u00e9</b>',
        headers: { location: 'https://elsewhere.example/', 'content-type': 'text/html' },
      })
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(await logLine()).toMatchObject({ status, outcome: 'accepted', store: known.storeId })
    },
  )

  test('keeps its headers, each of them, and loses those between neighbours', async () => {
    await openBoth((_, response) => {
      response.writeHead(200, [
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Note', 'caf\u00e9', 'Content-Encoding', 'gzip'],
        ...[
          'Connection',
          'X-Hop',
          'X-Hop',
          'hop',
          'Proxy-Authenticate',
          'hop',
          'X-Request-Id',
          'of the engine',
        ],
        ...['Trailer', 'hop', 'Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ])
      response.end(Buffer.from('not gzip at all'))
    })
    const { headers, body } = await send(gateway, '/V1/order', { body: envelope })
    expect(body).toBe('not gzip at all')
    expect(headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'x-note': 'caf\u00e9',
      'content-encoding': 'gzip',
      date: 'Thu, 01 Jan 1970 00:00:00 GMT',
    })
    expect(JSON.stringify(headers)).not.toMatch(/hop|of the engine/)
  })

  test('to HEAD, and 204 and 304, have no body and leave the connection usable', async () => {
    let status = 200
    await openBoth((incoming, response) => {
      response.writeHead(status, incoming.method === 'HEAD' ? { 'Content-Length': 1_234 } : {})
      response.end()
    })
    const head = await send(gateway, '/V1/order', {
      method: 'HEAD',
      body: envelope,
      headers: lengthOf(envelope),
    })
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '1234' } })
    for (status of [204, 304, 200]) {
      expect(await send(gateway, '/V1/order', { body: envelope })).toMatchObject({ status, body: '' })
    }
  })

  test('comes as it is made, not when it is ready', async () => {
    let finish = () => {}
    await openBoth((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml' })
      response.write('first')
      finish = () => response.end(' last')
    })
    const response = await begin()
    const [first] = await once(response, 'data')
    expect(String(first)).toBe('first')
    finish()
    expect(await text(response)).toBe(' last')
  })

  test('leaves the connection of its caller usable', async () => {
    await openBoth((_, response) => response.end('ok'))
    const call = (connection: string) =>
      `POST /V1/order HTTP/1.1\r\nHost: gateway\r\nConnection: ${connection}\r\nContent-Length: ${envelope.length}\r\n\r\n${envelope}`
    const received = await exchange(call('keep-alive') + call('keep-alive') + call('close'))
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
    expect(new Set(received.match(/X-Request-Id: \S+/g)).size).toBe(3)
  })

  test('is the last one, after those that only inform', async () => {
    const said = 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
    const last = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    engine = await openRawEngine((socket) => socket.once('data', () => socket.write(said + last)))
    await openGatewayTo(engine)
    expect(await send(gateway, '/V1/order', { body: envelope })).toMatchObject({ status: 200, body: 'ok' })
  })

  test('announces its status before its body', async () => {
    await openBoth((_, response) => response.writeHead(202).flushHeaders())
    const response = await begin()
    expect(response.statusCode).toBe(202)
    response.destroy()
  })

  test('of 32 MB is passed on byte by byte', async () => {
    const part = randomBytes(1_048_576)
    await openBoth(async (_, response) => {
      for (let n = 0; n < 32; n++) if (!response.write(part)) await once(response, 'drain')
      response.end()
    })
    const hash = createHash('sha256')
    for await (const chunk of await begin()) hash.update(chunk)
    const expected = createHash('sha256')
    for (let n = 0; n < 32; n++) expected.update(part)
    expect(hash.digest('hex')).toBe(expected.digest('hex'))
  })

  test('waits for a caller who takes it slowly: the engine is not read ahead', async () => {
    const total = 64 * 1_048_576
    let written = 0
    await openBoth(async (_, response) => {
      const parts = function* () {
        for (; written < total; written += 65_536) yield Buffer.alloc(65_536)
      }
      await pipeline(parts, response)
    })
    const response = await begin()
    let before = -1
    await vi.waitFor(
      () => {
        const held = written
        const settled = held === before
        before = held
        if (!settled) throw new Error('it is still being written')
      },
      { interval: 250, timeout: 20_000 },
    )
    // What sockets and buffers in between hold.
    expect(written).toBeLessThan(32 * 1_048_576)
    let length = 0
    for await (const chunk of response) length += chunk.length
    expect(length).toBe(total)
  })
})

describe('an engine that fails', () => {
  const failed = async (status: number, detail: string) => {
    const startedAt = performance.now()
    const answer = await send(gateway, '/V1/order', { body: envelope })
    expect([answer.status, codeIn(answer)]).toEqual([status, 10500])
    expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
    expect(answer.body).toContain(`<RequestID>${answer.headers['x-request-id']}</RequestID>`)
    expect(await logLine()).toMatchObject({ outcome: 'failed', code: 10500, status, detail, level: 50 })
    return performance.now() - startedAt
  }

  test('out of reach: 502', async () => {
    engine = await openEngine(() => {})
    const { url } = engine
    await engine.close()
    await openGatewayTo({ url })
    await failed(502, 'engine-unreachable')
    engine = await openEngine(() => {})
  })

  test('that does not answer in time: 504, and its connection is given up', async () => {
    engine = await openEngine(() => {})
    await openGatewayTo(engine, { timeoutMs: 300 })
    expect(await failed(504, 'engine-timed-out')).toBeLessThan(5_000)
  })

  test.each([
    ['what is not HTTP', 'garbage\r\n\r\n', 'engine-garbled'],
    [
      'a length twice',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
      'engine-garbled',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!', 'engine-garbled'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'engine-garbled',
    ],
    [
      'a header that is no header',
      'HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 0\r\n\r\n',
      'engine-garbled',
    ],
    [
      'a header with a control character',
      'HTTP/1.1 200 OK\r\nX-Y: a\x01b\r\nContent-Length: 0\r\n\r\n',
      'engine-garbled',
    ],
    ['a status that there is not', 'HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n', 'engine-garbled'],
    [
      'too much of a header',
      `HTTP/1.1 200 OK\r\nX-Y: ${'z'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`,
      'engine-garbled',
    ],
    ['an upgrade', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'engine-broke-off'],
    [
      'Continue, which nobody asked for (undici takes none)',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'engine-broke-off',
    ],
    ['nothing', '', 'engine-broke-off'],
    ['half a head', 'HTTP/1.1 200 OK\r\nX-Y', 'engine-broke-off'],
  ])('and answers %s: 502', async (_, said, detail) => {
    engine = await openRawEngine((socket) => socket.once('data', () => socket.end(said, 'latin1')))
    await openGatewayTo(engine)
    await failed(502, detail)
    expect(engine.received().toString().match(/POST/g)).toHaveLength(1)
  })

  test.each([
    ['a body that is too short', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it'],
    ['chunks without an end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ['a chunk that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n'],
  ])(
    'in the middle, with %s: the connection breaks, so that no part is taken for the whole',
    async (_, said) => {
      engine = await openRawEngine((socket) => socket.once('data', () => socket.end(said)))
      await openGatewayTo(engine)
      await expect(send(gateway, '/V1/order', { body: envelope })).rejects.toThrow()
      expect(await logLine()).toMatchObject({ outcome: 'failed', detail: 'engine-broke-off', status: 200 })
    },
  )

  test('in the middle of an answer to HTTP/1.0, whose end is the end of the connection: it is reset', async () => {
    await openBoth((_, response) => {
      response.write('half')
      setImmediate(() => response.socket?.resetAndDestroy())
    })
    const raw = `POST /V1/order HTTP/1.0\r\nContent-Length: ${envelope.length}\r\n\r\n${envelope}`
    await expect(exchange(raw)).rejects.toThrow(/ECONNRESET/)
  })

  test('by falling silent in the middle: the connection breaks after the same time', async () => {
    await openBoth((_, response) => response.writeHead(200).write('half'), { timeoutMs: 300 })
    await expect(send(gateway, '/V1/order', { body: envelope })).rejects.toThrow()
    expect(await logLine()).toMatchObject({ outcome: 'failed', detail: 'engine-broke-off' })
  })

  test('is asked again by the next call, on a new connection', async () => {
    let calls = 0
    engine = await openRawEngine((socket) => {
      calls++
      const said = calls === 1 ? 'garbage\r\n\r\n' : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
      socket.on('data', () => socket.write(said))
    })
    await openGatewayTo(engine)
    await failed(502, 'engine-garbled')
    expect(await send(gateway, '/V1/order', { body: envelope })).toMatchObject({ status: 200, body: 'ok' })
    expect(await send(gateway, '/V1/order', { body: envelope })).toMatchObject({ status: 200, body: 'ok' })
    expect(calls).toBe(2)
  })

  test('does not get what it answered into the log', async () => {
    engine = await openRawEngine((socket) => socket.once('data', () => socket.end("a customer's address")))
    await openGatewayTo(engine)
    await failed(502, 'engine-garbled')
    expect(gateway.log()).not.toContain('customer')
  })
})

describe('a caller who goes away', () => {
  test("before the answer: the engine's request ends too", async () => {
    const gone = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    await openBoth((incoming) => {
      incoming.socket.on('close', () => gone.resolve())
      arrived.resolve()
    })
    const call = start().on('error', () => {})
    await arrived.promise
    call.destroy()
    await gone.promise
    expect(await logLine()).toMatchObject({ outcome: 'accepted', detail: 'caller-left', level: 30 })
  })

  test('in the middle of it: the engine hears of it, and what it holds is let go', async () => {
    const gone = Promise.withResolvers<void>()
    await openBoth((_, response) => {
      response.on('close', () => gone.resolve())
      response.write('first')
    })
    const response = await begin()
    await once(response, 'data')
    response.destroy()
    await gone.promise
    expect(await logLine()).toMatchObject({ outcome: 'accepted', detail: 'caller-left' })
  })

  test('without saying so, and takes nothing any more: they are let go after a while', async () => {
    const gone = Promise.withResolvers<void>()
    await openBoth(
      (_, response) => {
        response.on('close', () => gone.resolve()).on('error', () => {})
        const part = Buffer.alloc(1_048_576)
        const push = () => {
          while (!response.destroyed && response.write(part));
        }
        response.on('drain', push)
        push()
      },
      { timeoutMs: 300 },
    )
    await begin()
    await gone.promise
    expect(await logLine()).toMatchObject({ detail: 'caller-left' })
  })
})

describe('an answer that takes too long as a whole', () => {
  const trickling = () => {
    const gone = Promise.withResolvers<void>()
    const storeCalls = createStoreCalls({ atOnce: 10 })
    const trickle: Handle = (_, response) => {
      const timer = setInterval(() => response.write('part'), 20)
      response.on('close', () => {
        clearInterval(timer)
        gone.resolve()
      })
    }
    return { trickle, gone: gone.promise, storeCalls }
  }

  test('is broken off although it goes on: the connection breaks, the engine hears of it, the place is free', async () => {
    const { trickle, gone, storeCalls } = trickling()
    await openBoth(trickle, { longestAnswerMs: 300 }, { storeCalls })
    await expect(send(gateway, '/V1/order', { body: envelope })).rejects.toThrow(/ECONNRESET|aborted|hang up/)
    await gone
    expect(await logLine()).toMatchObject({ outcome: 'accepted', status: 200, detail: 'took-too-long' })
    expect(storeCalls.underWay()).toBe(0)
  })

  test('is broken off for a caller who does not read it, long before their patience would end', async () => {
    const gone = Promise.withResolvers<void>()
    const storeCalls = createStoreCalls({ atOnce: 10 })
    await openBoth(
      (_, response) => {
        response.on('close', () => gone.resolve()).on('error', () => {})
        response.end(Buffer.alloc(20 * 1_048_576))
      },
      { longestAnswerMs: 300 },
      { storeCalls },
    )
    await begin()
    await gone.promise
    expect(await logLine()).toMatchObject({ outcome: 'accepted', detail: 'took-too-long' })
    expect(storeCalls.underWay()).toBe(0)
  })

  test('is broken off also where it waits behind another one on its connection', async () => {
    const { trickle, storeCalls } = trickling()
    await openBoth(trickle, { longestAnswerMs: 300 }, { storeCalls })
    const call = `POST /V1/order HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${envelope.length}\r\n\r\n${envelope}`
    await expect(exchange(call.repeat(3))).rejects.toThrow(/ECONNRESET/)
    await eventually(() => expect(storeCalls.underWay()).toBe(0))
  })

  test('has a minute at least where nothing else is said', async () => {
    await openBoth((_, response) => response.writeHead(200).flushHeaders(), { timeoutMs: 1_000 })
    const clocks = vi.spyOn(globalThis, 'setTimeout')
    const response = await begin()
    expect(clocks.mock.calls.map(([, ms]) => ms)).toContain(60_000)
    clocks.mockRestore()
    response.destroy()
  })
})

describe('calls of one store at once', () => {
  test('are bounded, until an answer has been sent to its end or its caller is gone', async () => {
    const storeCalls = createStoreCalls({ atOnce: 2 })
    const answers: ServerResponse[] = []
    await openBoth((_, response) => answers.push(response.writeHead(200) && response), {}, { storeCalls })
    const [first, second] = [start(), start()]
    first.on('error', () => {})
    await eventually(() => expect(answers).toHaveLength(2))

    const third = await send(gateway, '/V1/order', { body: envelope })
    expect([third.status, codeIn(third)]).toEqual([400, 10006])
    expect(third.body).toContain('<Message>Too many concurrent requests for the store.</Message>')
    expect(await logLine()).toMatchObject({ outcome: 'accepted', code: 10006, store: known.storeId })
    const stranger = envelopeOf({ storeId: known.storeId, token: createTokenText() })
    expect(codeIn(await send(gateway, '/V1/order', { body: stranger }))).toBe(10009)

    first.destroy()
    await eventually(() => expect(storeCalls.underWay()).toBe(1))
    for (const answer of answers) answer.write('part')
    const [response] = await once(second, 'response')
    await once(response, 'data')
    expect(storeCalls.underWay()).toBe(1)
    for (const answer of answers) answer.end()
    await text(response)
    await eventually(() => expect(storeCalls.underWay()).toBe(0))
  })

  test('that came one behind the other on a connection which then broke are not counted for ever', async () => {
    const storeCalls = createStoreCalls({ atOnce: 10 })
    await openBoth(() => {}, {}, { storeCalls })
    const call = `POST /V1/order HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${envelope.length}\r\n\r\n${envelope}`
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(call.repeat(3)))
    // The others wait for the answer of the first.
    await eventually(() => expect(storeCalls.underWay()).toBe(1))
    socket.destroy()
    await eventually(() => expect(storeCalls.underWay()).toBe(0))
  })

  test('whatever becomes of them, none is counted for ever', async () => {
    const storeCalls = createStoreCalls({ atOnce: 100 })
    const ways: ((socket: Socket) => void)[] = [
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      (socket) => socket.destroy(),
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'),
      (socket) => socket.write('garbage\r\n\r\n'),
      () => {},
    ]
    let calls = 0
    engine = await openRawEngine((socket) => {
      socket.on('data', () => ways[calls++ % ways.length]?.(socket))
    })
    await openGatewayTo(engine, { timeoutMs: 300 }, { storeCalls })
    const leave = async (afterMs: number) => {
      const call = start().on('error', () => {})
      setTimeout(() => call.destroy(), afterMs)
      await once(call, 'close')
    }
    const stay = () => send(gateway, '/V1/order', { body: envelope })
    const all = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? leave(3 * n) : stay()))
    const settled = await Promise.allSettled<unknown>(all)
    expect(new Set(settled.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']))
    await eventually(() => expect(storeCalls.underWay()).toBe(0))
  })
})

const lengthOf = (body: string) => ({ 'Content-Length': String(Buffer.byteLength(body)) })

/** A call whose answer nobody has begun to read. */
function start(body = envelope) {
  const call = request({
    host: '127.0.0.1',
    port: gateway.port,
    path: '/V1/order',
    method: 'POST',
    agent: false,
  })
  call.end(body)
  return call
}

async function begin(): Promise<IncomingMessage> {
  const [response] = await once(start(), 'response')
  return response
}

/** Sends raw text and gives what comes back until the gateway ends the connection. */
function exchange(raw: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(raw))
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}
