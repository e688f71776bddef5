import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGithubVerifier } from './github-keys.ts'

/** As GitHub publishes its keys: each by its identifier. */
let published: Record<string, string>
let status: number
let asked: { authorization: string | undefined }[]
let server: Server
let keysUrl: string
let nowMs: number

beforeEach(async () => {
  ;[published, status, asked, nowMs] = [{}, 200, [], 0]
  server = createServer((request, response) => {
    asked.push({ authorization: request.headers.authorization })
    const keys = Object.entries(published).map(([key_identifier, key]) => ({
      ...{ key_identifier, key, is_current: true },
    }))
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ public_keys: keys }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  keysUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/meta/public_keys/secret_scanning`
})
afterEach(() => new Promise((closed) => server.close(closed)))

function pair(namedCurve = 'P-256') {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    signed: (body: string) => sign('sha256', Buffer.from(body), privateKey).toString('base64'),
  }
}

const verifier = (token?: string) => createGithubVerifier({ keysUrl, token, nowMs: () => nowMs })
const minutes = (count: number) => {
  nowMs += count * 60_000
}

const body = '[{"token":"some_token","type":"some_type","url":"https://code.example/","source":"content"}]'

test('what a published key has signed is believed, and with one bit turned it is not', async () => {
  const { pem, signed } = pair()
  published = { one: pem }
  const isSigned = verifier('of the API')
  const signature = signed(body)
  const check = (bytes: Uint8Array, text: string) => isSigned(bytes, 'one', text)
  expect(await check(Buffer.from(body), signature)).toBe(true)
  const turned = (bytes: Buffer, bit: number) => {
    const copy = Buffer.from(bytes)
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    return copy
  }
  const bytes = Buffer.from(signature, 'base64')
  for (let bit = 0; bit < bytes.length * 8; bit++)
    expect(await check(Buffer.from(body), turned(bytes, bit).toString('base64')), `bit ${bit}`).toBe(false)
  for (let bit = 0; bit < body.length * 8; bit++)
    expect(await check(turned(Buffer.from(body), bit), signature), `bit ${bit} of the body`).toBe(false)
  for (const other of ['', 'A', ` ${signature}x`, `${signature}${signature}`, bytes.toString('hex')])
    expect(await check(Buffer.from(body), other)).toBe(false)
  expect(asked).toEqual([{ authorization: 'Bearer of the API' }])
})

test('the example that GitHub published is believed, by the key that it published', async () => {
  const keyId = 'bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c'
  published = {
    [keyId]: [
      '-----BEGIN PUBLIC KEY-----',
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd',
      'AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==',
      '-----END PUBLIC KEY-----',
      '',
    ].join('\n'),
  }
  const example =
    '[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]'
  const signature =
    'MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg=='
  const isSigned = verifier()
  expect(await isSigned(Buffer.from(example), keyId, signature)).toBe(true)
  expect(await isSigned(Buffer.from(`${example}\n`), keyId, signature)).toBe(false)
})

test('a key of another curve, and what is no key, are as if they were not there', async () => {
  const [good, other] = [pair(), pair('P-384')]
  published = { good: good.pem, other: other.pem, none: 'no key' }
  const isSigned = verifier()
  expect(await isSigned(Buffer.from(body), 'good', good.signed(body))).toBe(true)
  expect(await isSigned(Buffer.from(body), 'other', other.signed(body))).toBe(false)
  expect(await isSigned(Buffer.from(body), 'none', good.signed(body))).toBe(false)
})

test('a key that came since then is asked for, and one that nobody knows once a minute', async () => {
  const [old, fresh] = [pair(), pair()]
  published = { old: old.pem }
  const isSigned = verifier()
  expect(await isSigned(Buffer.from(body), 'old', old.signed(body))).toBe(true)
  published = { fresh: fresh.pem }
  const isFresh = () => isSigned(Buffer.from(body), 'fresh', fresh.signed(body))
  expect([await isFresh(), asked.length]).toEqual([false, 1])
  minutes(2)
  expect([await isFresh(), asked.length]).toEqual([true, 2])
  // Taken back.
  expect(await isSigned(Buffer.from(body), 'old', old.signed(body))).toBe(false)
  await Promise.all(Array.from({ length: 20 }, (_, n) => isSigned(Buffer.from(body), `made up ${n}`, 'AA==')))
  expect(asked).toHaveLength(2)
})

test('while the keys cannot be had, those of the last day are believed, and then nothing is', async () => {
  const one = pair()
  published = { one: one.pem }
  const isSigned = verifier()
  const isOne = () => isSigned(Buffer.from(body), 'one', one.signed(body))
  expect(await isOne()).toBe(true)
  status = 500
  minutes(23 * 60)
  expect(await isOne()).toBe(true)
  minutes(2 * 60)
  await expect(isOne()).rejects.toThrow('500')
  await expect(isOne()).rejects.toThrow('could not be had')
  ;[status, nowMs] = [200, nowMs + 61_000]
  expect(await isOne()).toBe(true)
})
