import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compressFiles, readCompressedFiles } from './compressed-files.ts'

const script = `export const words = '${'one word after another '.repeat(200)}'`
let folder: string
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compressed-files-'))
  await mkdir(join(folder, 'chunks'))
  await writeFile(join(folder, 'chunks/page.js'), script)
  await writeFile(join(folder, 'chunks/page.css'), 'body { color: red }')
  await writeFile(join(folder, 'chunks/font.woff2'), 'compressed already')
  await compressFiles(folder)
  const answer = await readCompressedFiles(folder, '/static/')
  server = createServer((request, response) => {
    if (!answer(request, response)) response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

type Answer = { status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }

function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const request = send({ port, path, headers, method }, async (response) =>
      resolve({ status: response.statusCode, headers: response.headers, body: await buffer(response) }),
    )
    request.on('error', reject)
    request.end()
  })
}

const brotli = { 'accept-encoding': 'gzip, deflate, br, zstd' }

test('a script comes compressed, whole, and to be kept for a year', async () => {
  const { status, headers, body } = await ask('/static/chunks/page.js?v=1', brotli)
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'application/javascript; charset=utf-8',
    'content-encoding': 'br',
    'content-length': `${body.length}`,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  })
  expect(body.length).toBeLessThan(script.length / 10)
  expect(brotliDecompressSync(body).toString()).toBe(script)
})

test('a style sheet says that it is one', async () => {
  const { headers } = await ask('/static/chunks/page.css', brotli)
  expect(headers['content-type']).toBe('text/css; charset=utf-8')
})

test('HEAD has the same headers and no body', async () => {
  const whole = await ask('/static/chunks/page.js', brotli)
  const { headers, body } = await ask('/static/chunks/page.js', brotli, 'HEAD')
  expect(headers['content-length']).toBe(`${whole.body.length}`)
  expect(body.length).toBe(0)
})

test.each([
  ['a browser without Brotli', '/static/chunks/page.js', { 'accept-encoding': 'gzip' }, 'GET'],
  ['a browser that says nothing', '/static/chunks/page.js', {}, 'GET'],
  ['a browser that refuses Brotli', '/static/chunks/page.js', { 'accept-encoding': 'br;q=0, gzip' }, 'GET'],
  ['who asks for a part', '/static/chunks/page.js', { ...brotli, range: 'bytes=0-9' }, 'GET'],
  ['a file that is compressed already', '/static/chunks/font.woff2', brotli, 'GET'],
  ['the compressed file by its own name', '/static/chunks/page.js.br', brotli, 'GET'],
  ['another folder', '/static/chunks/../../page.js', brotli, 'GET'],
  ['another method', '/static/chunks/page.js', brotli, 'POST'],
])('%s is left to Next', async (_who, path, headers: Record<string, string>, method) => {
  expect((await ask(path, headers, method)).status).toBe(204)
})

test('a weight is understood', async () => {
  const { status } = await ask('/static/chunks/page.js', { 'accept-encoding': 'gzip;q=0.5, br;q=0.9' })
  expect(status).toBe(200)
})
