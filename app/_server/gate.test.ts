import { createServer, type IncomingHttpHeaders, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { trustOf } from '#lib/client-address.ts'
import { createGate } from './gate.ts'

let server: Server | undefined
afterEach(() => server?.close())

type Options = { ownOrigin?: URL | null; trusted?: string; ready?: boolean }

/** A gate with a stand-in for Next that answers with the headers it was given. */
async function open({ ownOrigin = null, trusted = '', ready = true }: Options = {}) {
  const gate = createGate({
    headers: { 'X-Content-Type-Options': 'nosniff' },
    ownOrigin,
    trust: trustOf(trusted),
    isReady: async () => ready,
    next: async (request, response) => {
      response.end(JSON.stringify(request.headers))
    },
  })
  const started = createServer((request, response) => void gate(request, response))
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const { port } = started.address() as AddressInfo
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>(
      (resolve, reject) => {
        const request = send({ port, path, headers, method }, async (response) => {
          let text = ''
          for await (const chunk of response) text += chunk
          resolve({ status: response.statusCode, headers: response.headers, text })
        })
        request.on('error', reject)
        request.end()
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

test('a body of unannounced length is refused before it is read', async () => {
  const ask = await open()
  for (const method of ['POST', 'GET']) {
    const answer = await ask('/', { 'transfer-encoding': 'chunked' }, method)
    expect(answer).toMatchObject({ status: 411, headers: { connection: 'close' } })
  }
  expect((await ask('/', {}, 'POST')).status).toBe(200)
})

test('what browsers send with a form, a script or an action passes', async () => {
  const ask = await open()
  const { port } = (server as Server).address() as AddressInfo
  const form = new FormData()
  form.set('file', new Blob(['x'.repeat(10_000)]))
  for (const body of [form, new URLSearchParams({ email: 'a' }), '["text"]']) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })
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
