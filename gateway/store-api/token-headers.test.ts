import { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { ok } from '#lib/result.ts'
import type { KnownToken } from '#lib/tokens/model/policy.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { envelopeOf, type Gateway, knownToken, openGatewayWithout, send } from '../testing/gateway.ts'
import { headersOfAccepted } from './token-headers.ts'

const text = createTokenText()
const now = Date.UTC(2026, 5, 1)
const day = 86_400_000
const inDays = (days: number) => new Date(now + days * day)
const pagesUrl = 'https://tokens.example'
let gateway: Gateway
afterEach(() => gateway?.close())

async function call(
  token: Partial<KnownToken>,
  options: Parameters<typeof openGatewayWithout>[1] = {},
  storeId?: string,
) {
  const known = knownToken({ expiresAt: inDays(300), ...token })
  gateway = await openGatewayWithout(new Map([[text, known]]), { now: () => now, pagesUrl, ...options })
  return send(gateway, '/V1/order', { body: envelopeOf({ storeId: storeId ?? known.storeId, token: text }) })
}
const { tokenId, partnerId, storeId } = knownToken()
const page = `${pagesUrl}/partners/${partnerId}/tokens/${tokenId}`
const ours = ['sunset', 'deprecation', 'link', 'token-refusal']

test('a call whose token goes on for long hears nothing of it', async () => {
  const { headers } = await call({})
  expect(ours.filter((name) => name in headers)).toEqual([])
  expect(headersOfAccepted(knownToken({ expiresAt: inDays(30.01) }), { now: () => now })).toBeNull()
})

test('a token that ends within 30 days says when, and where it is renewed', async () => {
  const { status, headers } = await call({ expiresAt: inDays(30) })
  expect([status, headers.sunset, headers.link]).toEqual([
    ...[400, 'Wed, 01 Jul 2026 00:00:00 GMT', `<${page}>; rel="sunset"; type="text/html"`],
  ])
  expect(headers.deprecation).toBeUndefined()
})

test('a token for which another one goes on says since when', async () => {
  const renewedAt = (id: string) => (id === tokenId ? inDays(-2) : null)
  const { headers } = await call({}, { renewedAt })
  expect(headers).toMatchObject({
    ...{ deprecation: `@${(now - 2 * day) / 1_000}`, link: `<${page}>; rel="deprecation"; type="text/html"` },
  })
  expect(headers.sunset).toBeUndefined()
  await gateway.close()
  const both = await call({ expiresAt: inDays(5) }, { renewedAt, pagesUrl: undefined })
  expect([both.headers.sunset, both.headers.deprecation, both.headers.link]).toEqual([
    ...['Sat, 06 Jun 2026 00:00:00 GMT', `@${(now - 2 * day) / 1_000}`, undefined],
  ])
})

describe('a refusal says to who holds the text', () => {
  test.each<[Partial<KnownToken>, string]>([
    [{ revoked: true }, 'revoked'],
    [{ expired: true }, 'expired'],
    [{ pausedUntil: inDays(1) }, `paused;until=@${(now + day) / 1_000}`],
    [{ apis: [] }, 'api-not-ticked'],
    [{ package: 'starter' }, 'package-without-apis'],
  ])('of %j its cause, its id, and whom to ask', async (token, said) => {
    const { headers } = await call(token)
    expect(headers['token-refusal']).toBe(`${said};reference="${tokenId}";ask="${storeId}"`)
    expect(headers.link).toBe(`<${page}>; rel="about"; type="text/html"`)
  })

  test.each<[string, Partial<KnownToken>]>([
    ['other-store', {}],
    ['revoked', { revoked: true }],
    ['paused;until=@1780358400', { pausedUntil: inDays(1) }],
  ])('%s, and not where the token is good, where the call names another store', async (said, token) => {
    const answer = await call(token, {}, 'another-store')
    expect(answer.headers['token-refusal']).toBe(`${said};reference="${tokenId}"`)
    expect(answer.headers.link).toBeUndefined()
    expect(JSON.stringify(answer)).not.toContain(storeId)
    expect(JSON.stringify(answer)).not.toContain(partnerId)
  })
})

test('a stranger hears nothing: no text, a text that is none, and one of nobody', async () => {
  await call({})
  for (const token of [undefined, '', 'nonsense', createTokenText()]) {
    const { headers } = await send(gateway, '/V1/order', { body: envelopeOf({ storeId, token }) })
    expect(ours.filter((name) => name in headers)).toEqual([])
  }
})

test('what an engine answers keeps its own headers, and its bytes', async () => {
  const rawHeaders = [
    'Content-Type',
    'text/xml',
    'Content-Length',
    '4',
    'Sunset',
    'Thu, 01 Jan 2026 00:00:00 GMT',
  ]
  const engine = {
    answer: async () =>
      ok({
        status: 200,
        rawHeaders,
        stream: Readable.from([Buffer.from('<a/>')]),
        patienceMs: 1_000,
        longestMs: 1_000,
      }),
  }
  const { headers, body } = await call({ expiresAt: inDays(5) }, { engine })
  expect([body, headers.sunset]).toEqual(['<a/>', 'Thu, 01 Jan 2026 00:00:00 GMT'])
  expect(headers.link).toContain('rel="sunset"')
})
