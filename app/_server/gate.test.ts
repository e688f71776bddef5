import { createServer, type IncomingHttpHeaders, type Server, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { trustOf } from '#lib/http/client-address.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { createGate } from './gate.ts'

let server: Server | undefined
afterEach(() => server?.close())

type Options = {
  ownOrigin?: URL | null
  trusted?: string
  ready?: boolean
  hostNames?: 'any' | 'loopback'
  securityContact?: { contacts: string[]; expires: Date } | null
}

/** Two arguments: a state and the form; three: a text, or a store or partner, is bound to the form before them. */
const knownAction = `60${'a'.repeat(40)}`
const boundAction = `70${'a'.repeat(40)}`
let lines: unknown[][]
/** What a browser says of a form of our own page, without an origin. */
const ours = { 'sec-fetch-site': 'same-origin' }

/** A gate with a stand-in for Next that answers with the headers it was given. */
async function open({
  ownOrigin = null,
  trusted = '',
  ready = true,
  hostNames = 'any',
  securityContact = null,
}: Options = {}) {
  lines = []
  const gate = createGate({
    headers: { 'X-Content-Type-Options': 'nosniff' },
    ownOrigin,
    hostNames,
    log: {
      info: (...line: unknown[]) => lines.push(line),
      warn: (...line: unknown[]) => lines.push(line),
    } as never,
    trust: trustOf(trusted),
    isReady: async () => ready,
    securityContact,
    isKnownAction: (id) => id === knownAction || id === boundAction,
    next: async (request, response) => {
      const [path, body] = [request.url, await text(request)]
      response.end(JSON.stringify({ ...request.headers, path, body }))
    },
  })
  const started = createServer(
    { requireHostHeader: false },
    (request, response) => void gate(request, response),
  )
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const { port } = started.address() as AddressInfo
  return (path: string, headers: Record<string, string> = {}, method = 'GET', body = '') =>
    new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>(
      (resolve, reject) => {
        const request = send({ port, path, headers, method }, async (response) => {
          let text = ''
          for await (const chunk of response) text += chunk
          resolve({ status: response.statusCode, headers: response.headers, text })
        })
        request.on('error', reject)
        request.end(body)
      },
    )
}

const forged = {
  host: 'tokens.example.com',
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '1',
  forwarded: 'for=203.0.113.9;host=evil.example',
}

test('what a client says about its address and our own is replaced by what is known', async () => {
  const ask = await open()
  const seen = JSON.parse((await ask('/', forged)).text)
  expect(seen['x-forwarded-for']).toBe('127.0.0.1')
  expect(seen['x-forwarded-host']).toBe('tokens.example.com')
  expect(seen['x-forwarded-proto']).toBe('http')
  expect(seen).not.toHaveProperty('forwarded')
  expect(seen).not.toHaveProperty('x-forwarded-port')
})

test('a trusted proxy is believed about the client, and nobody about our own address', async () => {
  const ask = await open({ trusted: 'loopback', ownOrigin: new URL('https://tokens.example.com') })
  const seen = JSON.parse((await ask('/', forged)).text)
  expect(seen['x-forwarded-for']).toBe('203.0.113.9')
  expect(seen['x-forwarded-host']).toBe('tokens.example.com')
  expect(seen['x-forwarded-proto']).toBe('https')
})

test('probes are answered without Next, ready or not', async () => {
  const ask = await open({ ready: false })
  expect(await ask('/healthz')).toMatchObject({ status: 200, text: 'ok\n' })
  expect(await ask('/readyz?x=1')).toMatchObject({ status: 503, text: 'not ready\n' })
})

test('a request that is too large is refused before it is read', async () => {
  const ask = await open()
  expect(await ask('/', { 'content-length': '10000000' }, 'POST')).toMatchObject({ status: 413 })
})

async function openSocket() {
  await open()
  if (!server) throw new Error('There is no gate.')
  const { port } = server.address() as AddressInfo
  return connect({ port, host: '127.0.0.1' })
}

test('who still sends what is too large gets the answer, and is not cut off meanwhile', async () => {
  const client = await openSocket()
  const failures: Error[] = []
  client.on('error', (error) => failures.push(error))
  const length = 2_000_000
  const piece = 'x'.repeat(100_000)
  client.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`)
  const answer = await new Promise<string>((resolve) => client.once('data', (data) => resolve(String(data))))
  expect(answer).toMatch(/^HTTP\/1.1 413 /)
  for (let sent = 0; sent < length; sent += piece.length) {
    await new Promise<void>((resolve) => client.write(piece, () => resolve()))
  }
  client.resume()
  await new Promise((resolve) => client.once('close', resolve))
  expect(failures).toEqual([])
})

test('who sends no end of it is cut off', async () => {
  const client = await openSocket()
  client.resume()
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n')
  const piece = 'x'.repeat(1_000_000)
  let sent = 0
  const ended = new Promise<void>((resolve) => {
    const more = (error?: Error | null) => {
      if (error || sent > 100_000_000) return resolve()
      sent += piece.length
      client.write(piece, more)
    }
    client.on('error', () => resolve())
    more()
  })
  await ended
  client.destroy()
  // What the system holds for a connection comes on top of what is read.
  expect(sent).toBeLessThan(50_000_000)
})

test('a text to be searched passes unread, larger than any other form, and from our own pages only', async () => {
  const ask = await open()
  const body = `--x\r\n${'a'.repeat(600_000)}`
  const form = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': `${body.length}` }
  for (const path of ['/stores/yhst-1/find', '/partners/ypa-1/find?x']) {
    const answer = await ask(path, { ...ours, ...form }, 'POST', body)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text).body).toBe(body)
    expect((await ask(path, form, 'POST', body)).status).toBe(403)
  }
  const others: [path: string, headers: Record<string, string>, method: string][] = [
    ['/stores/yhst-1/find/x', form, 'POST'],
    ['/stores/yhst-1/x/find', form, 'POST'],
    ['/stores/yhst-1/find', { ...form, 'next-action': knownAction }, 'POST'],
    ['/stores/yhst-1/find', form, 'GET'],
    ['/stores/yhst-1/find', { ...form, 'content-length': '70000000' }, 'POST'],
  ]
  for (const [path, headers, method] of others)
    expect((await ask(path, { ...ours, ...headers }, method)).status, path).toBe(413)
})

test('a report of a leak passes unread, from anywhere, to the handler beside its page', async () => {
  const ask = await open()
  const form = { 'content-type': 'multipart/form-data; boundary=x' }
  for (const origin of ['https://elsewhere.example', 'null']) {
    const answer = await ask('/leaks?x', { ...form, origin }, 'POST', '--x\r\nbody')
    expect(JSON.parse(answer.text)).toMatchObject({ path: '/leaks/report', body: '--x\r\nbody' })
  }
  expect(JSON.parse((await ask('/leaks')).text).path).toBe('/leaks')
  // What a page takes for itself comes from our pages only.
  const foreign = { ...form, origin: 'https://elsewhere.example' }
  for (const path of ['/leaks/received', '/leaks/report'])
    expect((await ask(path, foreign, 'POST', '--x\r\nbody')).status).toBe(403)
  expect(
    (await ask('/leaks', { ...foreign, 'next-action': knownAction }, 'POST', '--x\r\nbody')).status,
  ).toBe(403)
  expect((await ask('/leaks', { ...form, 'content-length': '600000' }, 'POST')).status).toBe(413)
  const many = { 'content-type': 'application/json', 'content-length': '600000' }
  for (const path of ['/leaks/github', '/leaks/gitlab/v1/revoke_tokens'])
    expect((await ask(path, many, 'POST', 'x'.repeat(600_000))).status).toBe(200)
  expect((await ask('/leaks/github', { ...many, 'content-length': '5000000' }, 'POST')).status).toBe(413)
})

test('whom to ask about a weakness is said where somebody has configured it, until it expires', async () => {
  const at = '/.well-known/security.txt'
  expect((await (await open())(at)).status).toBe(404)
  server?.close()
  const contacts = ['mailto:security@example.com']
  const expires = new Date(Date.now() + 60_000)
  const there = await (await open({ securityContact: { contacts, expires } }))(at)
  expect(there).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  expect(there.text).toMatch(/^Contact: mailto:security@example\.com\nExpires: /)
  server?.close()
  const over = await open({ securityContact: { contacts, expires: new Date(Date.now() - 1) } })
  expect((await over(at)).status).toBe(404)
})

test('a body of unannounced length is refused before it is read', async () => {
  const ask = await open()
  for (const method of ['POST', 'GET']) {
    const answer = await ask('/', { 'transfer-encoding': 'chunked' }, method)
    expect(answer).toMatchObject({ status: 411, headers: { connection: 'close' } })
  }
  expect((await ask('/', ours, 'POST')).status).toBe(200)
})

test('where a body of unannounced length comes with what is answered without reading it, the connection is closed', async () => {
  const ask = await open()
  for (const [path, method, status] of [
    ['/healthz', 'GET', 200],
    ['/readyz', 'GET', 200],
    ['/', 'PUT', 405],
    ['//%ff', 'GET', 400],
  ] as const) {
    const answer = await ask(path, { 'transfer-encoding': 'chunked' }, method)
    expect(answer).toMatchObject({ status, headers: { connection: 'close' } })
  }
})

test('what browsers send with a form, a script or an action passes', async () => {
  const ask = await open()
  const { port } = (server as Server).address() as AddressInfo
  const form = new FormData()
  form.set('file', new Blob(['x'.repeat(10_000)]))
  for (const body of [form, new URLSearchParams({ email: 'a' }), '["text"]']) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { origin: `http://127.0.0.1:${port}` },
      body,
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toHaveProperty('content-length')
  }
  expect((await ask('/')).status).toBe(200)
})

test('methods that nothing here answers to do not reach Next', async () => {
  const ask = await open()
  for (const method of ['TRACE', 'PUT', 'DELETE']) expect((await ask('/', {}, method)).status).toBe(405)
})

test('an address that cannot be decoded is the client’s mistake', async () => {
  const ask = await open()
  for (const path of ['/%', '/stores/%E0%A4%A']) expect((await ask(path)).status).toBe(400)
  expect((await ask('/caf%C3%A9?search=%')).status).toBe(200)
})

test('every answer has the security headers', async () => {
  const ask = await open()
  for (const path of ['/', '/healthz', '/readyz', '/nothing/here']) {
    expect((await ask(path)).headers['x-content-type-options']).toBe('nosniff')
  }
  const tooLarge = await ask('/', { 'content-length': '10000000' }, 'POST')
  expect(tooLarge.headers['x-content-type-options']).toBe('nosniff')
})

/** What the server answers to bytes as they are. */
async function exchange(sent: string) {
  const { port } = (server as Server).address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.end(sent)
  return text(socket)
}

test('a target in absolute form is taken, and its name is the host', async () => {
  await open()
  const answer = await exchange('GET http://a.example/x?y=1 HTTP/1.1\r\nHost: b.example\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toContain('"path":"/x?y=1"')
  expect(answer).toContain('"x-forwarded-host":"a.example"')
})

test.each([
  'Host: a\r\nHost: b',
  'Host: a\r\nHOST: a',
  'Host: a, b',
  'Host: a b',
  'Host: u@a',
  'Host: ',
  'X: y',
])('no host, two hosts and what is none are refused: %j', async (header) => {
  await open()
  expect(await exchange(`GET / HTTP/1.1\r\n${header}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
  expect(lines).toHaveLength(1)
})

test('a demo is reached by names of this machine only', async () => {
  const ask = await open({ hostNames: 'loopback' })
  for (const host of [
    'localhost',
    'LOCALHOST:3000',
    'a.localhost:1',
    '127.0.0.1:3000',
    '127.9.9.9',
    '[::1]:3000',
  ]) {
    expect((await ask('/', { host })).status, host).toBe(200)
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '0.0.0.0',
  ]) {
    expect((await ask('/', { host })).status, host).toBe(421)
  }
})

describe('a form or an action', () => {
  const own = 'https://tokens.example.com'
  const send = async (headers: Record<string, string>, path = '/account') =>
    (await (await open({ ownOrigin: new URL(own) }))(path, headers, 'POST')).status

  test.each([
    [{ origin: own }, 200],
    [{ origin: own, 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    // From a page that sends no referrer.
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, 200],
    [{}, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 403],
    [{ origin: 'http://tokens.example.com' }, 403],
    [{ origin: `${own}.evil.example` }, 403],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
  ])('with %j is answered %i', async (headers, status) => {
    expect(await send(headers)).toBe(status)
    expect(lines).toHaveLength(status === 200 ? 0 : 1)
  })

  test('that is ours has our origin from here on: Next takes none, and null, for a foreign one', async () => {
    const ask = await open({ ownOrigin: new URL(own) })
    for (const headers of [ours, { ...ours, origin: 'null' }]) {
      expect(JSON.parse((await ask('/', headers, 'POST')).text).origin).toBe(own)
    }
  })

  test('mail programs and the forms of next-auth, which have a token of their own, need no origin', async () => {
    expect(await send({}, '/unsubscribe/one-click?mails=x')).toBe(200)
    expect(await send({}, '/api/auth/signout')).toBe(200)
  })
})

describe('what is no form and no action does not reach Next', () => {
  const type = 'multipart/form-data; boundary=--b7'
  const part = (name: string, value: string, more = '') =>
    `----b7\r\nContent-Disposition: form-data; name="${name}"\r\n${more}\r\n${value}\r\n`
  const form = (...parts: string[]) => `${parts.join('')}----b7--\r\n`
  const byScript = { 'next-action': knownAction }
  const bound = { 'next-action': boundAction }
  const idle = '{"kind":"idle"}'
  /** As React describes an action with what is bound to it. */
  const described = (id: string, ...models: string[]) => [
    part('$ACTION_REF_1', ''),
    part('$ACTION_1:0', `{"id":"${id}","bound":"$@1"}`),
    ...models.map((model, n) => part(`$ACTION_1:${n + 1}`, model)),
  ]
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

  test.each([
    ['garbage', 'nonsense', {}],
    ['nothing', '', {}],
    ['a form without an end', part('a', 'b'), {}],
    ['no boundary', form(part('a', 'b')), { 'content-type': 'multipart/form-data' }],
    ['a form that names an action and does not say which', form(part('$ACTION_REF_1', '')), {}],
    ['one whose action is no JSON', form(part('$ACTION_REF_1', ''), part('$ACTION_1:0', '{"id":"x')), {}],
    ['a script’s form without its first part', form(part('1', '"a"')), byScript],
    ['a script’s form with a part that is no JSON', form(part('0', '["$K1"')), byScript],
    ['a script’s text that is no JSON', '["a"', { ...byScript, 'content-type': 'text/plain' }],
    ['a script’s text', `[${idle},"$K1"]`, { ...byScript, 'content-type': 'text/plain' }],
    ['a script’s text without a type', `[${idle},"$K1"]`, { ...byScript, 'content-type': '' }],
    [
      'a script’s form in another type',
      '0=[]',
      { ...byScript, 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['no list of arguments', form(part('0', '"$K1"')), byScript],
    ['no form among the arguments', form(part('0', `[${idle},"a"]`)), byScript],
    ['the form in another place', form(part('0', `["$K1",${idle}]`)), byScript],
    ['too few arguments', form(part('0', '["$K1"]')), byScript],
    ['too many arguments', form(part('0', `["a",${idle},"$K1"]`)), byScript],
    ['a number in the place of a bound text', form(part('0', `[1,${idle},"$K1"]`)), bound],
    [
      'a reference in the place of a bound text',
      form(part('1', '"a"'), part('0', `["$1",${idle},"$K1"]`)),
      bound,
    ],
    ['a model part twice', form(part('0', `[${idle},"$K1"]`), part('0', `[${idle},"$K1"]`)), byScript],
    ['a file as a model', form(part('0', '[]', 'Content-Type: text/plain\r\n')), byScript],
    [
      'an encoded part',
      form(part('0', `[${idle},"$K1"]`, 'Content-Transfer-Encoding: base64\r\n')),
      byScript,
    ],
    ['text that is too deep', form(part('0', `[${deep},"$K1"]`)), byScript],
    [
      'more parts than a form has',
      form(...Array(5_001).fill(part('_1_a', 'b')), part('0', `[${idle},"$K1"]`)),
      byScript,
    ],
    ['an action that takes more, by its name alone', form(part(`$ACTION_ID_${knownAction}`, '')), {}],
    ['two actions', form(...described(knownAction, `[${idle}]`), part(`$ACTION_ID_${knownAction}`, '')), {}],
    ['an action without what is bound to it', form(...described(knownAction)), {}],
    ['with more than is bound to it', form(...described(knownAction, `["a",${idle}]`)), {}],
    ['with no text where one is bound', form(...described(boundAction, `[{},${idle}]`)), {}],
    ...[
      '{"side":"merchant"}',
      '{"storeId":"store-1"}',
      '{"side":"merchant","partnerId":"ypa-000000000001"}',
      '{"side":"operator","storeId":"store-1"}',
      '{"side":"merchant","storeId":1}',
      '{"side":"merchant","storeId":{"side":"merchant"}}',
      '{"side":"merchant","storeId":"$1"}',
      '{"side":"merchant","storeId":"$undefined"}',
      '{"side":"merchant","storeId":"store-1","role":"owner"}',
      '{"side":"merchant","storeId":"store-1","__proto__":{"role":"owner"}}',
      `{"side":"merchant","storeId":"${'x'.repeat(101)}"}`,
      '[{"side":"merchant","storeId":"store-1"}]',
      'null',
    ].flatMap((party): [string, string, Record<string, string>][] => [
      [
        `${party} in a form, where a store is bound`,
        form(...described(boundAction, `[${party},${idle}]`)),
        {},
      ],
      [`${party} in a script’s form`, form(part('0', `[${party},${idle},"$K1"]`)), bound],
    ]),
    ['a dangling reference in a description', form(...described(knownAction, '["$5"]')), {}],
    [
      'a description with a server’s function',
      form(part('$ACTION_REF_1', ''), part('$ACTION_1:0', `{"id":"${knownAction}","bound":"$h1"}`)),
      {},
    ],
    ...[
      ...[
        '$1',
        '$ff',
        '$F1',
        '$Q1',
        '$W1',
        '$i1',
        '$h1',
        '$@1',
        '$B1',
        '$A1',
        '$V1',
        '$R1',
        '$r1',
        '$X1',
        '$x1',
        '$T',
        '$H',
      ],
      ...[
        '$K1',
        '$n1',
        '$nx',
        '$Dx',
        '$0:9',
        '$0:__proto__',
        '$0:0:constructor',
        '$',
        '$1:',
        '$:',
        '$99999999999',
        '$L1',
      ],
    ].flatMap((text): [string, string, Record<string, string>][] => [
      [`${text} as a state`, form(part('0', `["${text}","$K1"]`)), byScript],
      [`${text} in a state`, form(part('0', `[{"a":["${text}"]},"$K1"]`)), byScript],
      // Part 1 is there: it is what is bound.
      [
        `${text} in a state of a form`,
        form(...described(knownAction, `[{"a":"${text === '$1' ? '$2' : text}"}]`)),
        {},
      ],
      [
        `${text} in a part that nobody asks for`,
        form(part('7', `{"a":"${text}"}`), part('0', `[{},"$K1"]`)),
        byScript,
      ],
    ]),
  ])('%s: 400, and one line', async (_, body, headers) => {
    const ask = await open()
    expect((await ask('/', { ...ours, 'content-type': type, ...headers }, 'POST', body)).status).toBe(400)
    expect(lines).toEqual([[{ status: 400, method: 'POST' }, 'refused: The form cannot be read']])
  })

  test.each([
    ['a form', form(part('a', 'b')), {}],
    ['a form of an action', form(...described(knownAction, `[${idle}]`), part('a', '$1')), {}],
    ['one with a bound text', form(...described(boundAction, `["$$a",${idle}]`)), {}],
    ...[
      '{"side":"merchant","storeId":"store-1"}',
      '{"side":"partner","partnerId":"ypa-000000000001"}',
    ].flatMap((party): [string, string, Record<string, string>][] => [
      [`a form of ${party}`, form(...described(boundAction, `[${party},${idle}]`)), {}],
      [`a script’s form of ${party}`, form(part('0', `[${party},${idle},"$K1"]`)), bound],
    ]),
    ['a script’s form', form(part('_1_a', 'b'), part('0', `[${idle},"$K1"]`)), byScript],
    ['one with a bound text', form(part('_1_a', '$Q9'), part('0', `["store-1",${idle},"$K1"]`)), bound],
    [
      'a state with what React writes of ours',
      form(part('0', `[{"a":"$undefined","b":"$D2026-11-29T00:00:00.000Z","c":{"d":1},"e":"$0:0:c"},"$K1"]`)),
      byScript,
    ],
    [
      'an action that this build does not have',
      form(part('0', '["a","$K1"]')),
      { 'next-action': 'b'.repeat(42) },
    ],
    ['odd names of actions', '[]', { 'next-action': '../../x', 'content-type': 'text/plain' }],
  ])('%s does, with the whole of its body', async (_, body, headers) => {
    const ask = await open()
    const answer = await ask(
      '/',
      { ...ours, 'content-type': type, ...headers, 'content-length': String(Buffer.byteLength(body)) },
      'POST',
      body,
    )
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text).body).toBe(body)
  })
})

test('a token in an address leads on without it, for what is asked for only', async () => {
  const ask = await open()
  const { text } = mintToken()
  for (const method of ['GET', 'HEAD']) {
    const answer = await ask(`/stores/a?search=${text}&show=ended`, {}, method)
    expect([answer.status, answer.headers.location]).toEqual([303, '/stores/a?show=ended&refused=token'])
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
  }
  expect(JSON.stringify(lines)).not.toContain(text)
  expect(lines).toHaveLength(2)
  expect((await ask(`/stores/a?search=${text}`, ours, 'POST')).status).toBe(200)
})

describe('reports of a policy', () => {
  const report = (directive: string, blocked: string) =>
    JSON.stringify({
      'csp-report': { 'effective-directive': directive, 'blocked-uri': blocked, 'document-uri': '/secret' },
    })
  const post = async (ask: Awaited<ReturnType<typeof open>>, body: string, type = 'application/csp-report') =>
    (
      await ask(
        '/csp-reports',
        { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) },
        'POST',
        body,
      )
    ).status

  test('are one bounded line each, with a directive and an origin and nothing else', async () => {
    const ask = await open()
    expect(await post(ask, report('script-src-elem', 'https://evil.example/a?secret=1'))).toBe(204)
    expect(await post(ask, report('style-src', 'inline'))).toBe(204)
    const newer = [{ body: { effectiveDirective: 'img-src', blockedURL: 'https://a.example/x' } }]
    expect(await post(ask, JSON.stringify(newer), 'application/reports+json')).toBe(204)
    expect(await post(ask, report('x\n{"level":50}'.repeat(100), 'javascript:alert(1)'))).toBe(204)
    expect(lines.map(([facts]) => facts)).toEqual([
      { directive: 'script-src-elem', blocked: 'https://evil.example' },
      { directive: 'style-src', blocked: 'inline' },
      { directive: 'img-src', blocked: 'https://a.example' },
      { directive: 'x', blocked: 'null' },
    ])
  })

  test('that are none are refused', async () => {
    const ask = await open()
    expect(await post(ask, 'nonsense')).toBe(400)
    expect(await post(ask, '[]', 'application/reports+json')).toBe(400)
    expect(await post(ask, report('a', 'b'), 'text/plain')).toBe(415)
    expect(await post(ask, report('a', 'b'.repeat(20_000)))).toBe(413)
    const looked = await ask('/csp-reports')
    expect([looked.status, looked.headers.allow]).toEqual([405, 'POST'])
  })

  test('fill no log: after thirty in a minute they are counted', async () => {
    const ask = await open()
    for (let n = 0; n < 40; n++) expect(await post(ask, report('img-src', 'inline'))).toBe(204)
    expect(lines.length).toBeLessThan(40)
  })
})

test('a form of an older build is answered that, with what was typed but no password, and nothing of it reaches Next', async () => {
  const ask = await open()
  const part = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const action = [part('$ACTION_REF_1', ''), part('$ACTION_1:0', `{"id":"${'b'.repeat(42)}","bound":"$@1"}`)]
  const typed = [
    part('note', 'They <b>left</b> & "took" it'),
    part('password', 'a secret of ours'),
    part('tokenId', '7'),
  ]
  for (const first of [action, [part(`$ACTION_ID_${'b'.repeat(42)}`, '')]]) {
    const body = `${[...first, ...typed].join('')}--x--\r\n`
    const headers = { ...ours, 'content-type': 'multipart/form-data; boundary=x' }
    const answer = await ask('/account?a="><script>', headers, 'POST', body)
    expect(answer.status).toBe(409)
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(answer.text).toContain('<h1>This page is out of date</h1>')
    expect(answer.text).toContain(
      '<dt>note</dt><dd>They &#60;b&#62;left&#60;/b&#62; &#38; &#34;took&#34; it</dd>',
    )
    expect(answer.text).toContain('href="/account?a=&#34;&#62;&#60;script&#62;"')
    expect(answer.text).not.toContain('a secret of ours')
    expect(answer.text).not.toContain('tokenId')
  }
  expect(lines).toHaveLength(2)
})
