import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import {
  type Gateway,
  introspectionClient,
  knownToken,
  openGatewayWithout,
  send,
} from '../testing/gateway.ts'
import { readAnswerKeys } from './answer-keys.ts'
import { asksForSigned, createSignedAnswers } from './signed-answers.ts'

const issuer = 'https://gateway.example.com'
const key = (name: string, fill: number) => `${name}:${Buffer.alloc(32, fill).toString('base64')}`
const [good, revoked] = [createTokenText(), createTokenText()]
const tokens = new Map([
  [good, knownToken()],
  [revoked, knownToken({ revoked: true })],
])
const now = () => Date.UTC(2026, 5, 1, 12)
let gateway: Gateway
afterEach(() => gateway?.close())

async function open(setting: string | null) {
  const [first, ...more] = readAnswerKeys(setting ?? '')
  gateway = await openGatewayWithout(tokens, {
    now,
    ...(first && { signedAnswers: createSignedAnswers({ issuer, keys: [first, ...more] }) }),
  })
}

const { id, secret } = introspectionClient
const introspect = (token: string, accept: string | null, credentials = `${id}:${secret}`) =>
  send(gateway, '/introspect', {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      ...(accept !== null && { Accept: accept }),
    },
    body: `token=${token}`,
  })

const document = async (path: string) => JSON.parse((await send(gateway, path, { method: 'GET' })).body)

describe('a signed answer', () => {
  test('is verified by the key that its metadata lead to, for this client alone, and says what the plain one says', async () => {
    await open(`${key('new', 1)},${key('old', 2)}`)
    const metadata = await document('/.well-known/oauth-authorization-server')
    expect(metadata).toMatchObject({
      issuer,
      introspection_endpoint: `${issuer}/introspect`,
      introspection_signing_alg_values_supported: ['ES256'],
    })
    const jwks = await document(metadata.jwks_uri.slice(issuer.length))
    expect(jwks.keys.map(({ kid }: { kid: string }) => kid)).toEqual(['new', 'old'])
    expect(JSON.stringify(jwks)).not.toContain('"d"')

    const answer = await introspect(good, 'application/token-introspection+jwt')
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'application/token-introspection+jwt',
    ])
    expect(decodeProtectedHeader(answer.body)).toEqual({
      alg: 'ES256',
      typ: 'token-introspection+jwt',
      kid: 'new',
    })
    const keys = createLocalJWKSet(jwks)
    const { payload } = await jwtVerify(answer.body, keys, {
      issuer,
      audience: id,
      typ: 'token-introspection+jwt',
    })
    const plain = JSON.parse((await introspect(good, null)).body)
    expect(plain.active).toBe(true)
    expect(payload).toEqual({ iss: issuer, aud: id, iat: now() / 1000, token_introspection: plain })
    await expect(jwtVerify(answer.body, keys, { issuer, audience: 'another' })).rejects.toThrow('aud')
  })

  test('says of a token that is not good what the plain one says', async () => {
    await open(key('one', 1))
    for (const token of [revoked, 'nonsense']) {
      const plain = JSON.parse((await introspect(token, 'application/json')).body)
      const { body } = await introspect(token, 'application/token-introspection+jwt')
      const { payload } = await jwtVerify(body, createLocalJWKSet(await document('/.well-known/jwks.json')))
      expect(payload.token_introspection).toEqual(plain)
    }
  })

  test('is had by nobody who is no client, and an error is never signed', async () => {
    await open(key('one', 1))
    const stranger = await introspect(good, 'application/token-introspection+jwt', `${id}:another secret`)
    expect([stranger.status, stranger.headers['content-type']]).toEqual([401, 'application/json'])
  })

  test('and its documents are not there where no key is set: the plain answer is given', async () => {
    await open(null)
    const answer = await introspect(good, 'application/token-introspection+jwt')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json'])
    expect(
      (await send(gateway, '/.well-known/jwks.json', { method: 'GET' })).headers['content-type'],
    ).toContain('xml')
  })
})

test('documents are read, and nothing else', async () => {
  await open(key('one', 1))
  expect((await send(gateway, '/.well-known/jwks.json', { body: 'x' })).status).toBe(405)
})

test.each([
  ['application/token-introspection+jwt', true],
  ['application/json;q=0.5, Application/Token-Introspection+JWT; q=0.9', true],
  ['application/token-introspection+jwt;q=0', false],
  ['application/token-introspection+jwt;q=0.000', false],
  ['application/token-introspection+jwt;q=0.001', true],
  ['*/*', false],
  ['application/json', false],
  [undefined, false],
])('Accept: %s asks for a signed answer: %s', (accept, asks) => {
  expect(asksForSigned(accept)).toBe(asks)
})

test.each([
  ['no-colon', '32 bytes'],
  [`a b:${Buffer.alloc(32, 1).toString('base64')}`, 'a name of letters and digits'],
  ['short:c2hvcnQ=', '32 bytes'],
  [key('zero', 0), 'P-256'],
  [`${key('one', 1)},${key('one', 2)}`, 'a name of its own'],
])('keys that are none are refused: %s', (setting, message) => {
  expect(() => readAnswerKeys(setting)).toThrow(message)
})
