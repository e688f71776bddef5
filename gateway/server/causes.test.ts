import { afterEach, describe, expect, test } from 'vitest'
import type { KnownToken, RefusalCause } from '#lib/tokens/model/policy.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { LookUpError } from '#lib/verification/look-up-batches.ts'
import type { RecordedCall } from '#lib/verification/recorded-call.ts'
import {
  codeIn,
  envelopeOf,
  type Gateway,
  introspect,
  knownToken,
  openGatewayWithout,
  send,
} from '../testing/gateway.ts'

const text = createTokenText()
let gateway: Gateway
let used: RecordedCall[]
let revoked: string[]
afterEach(() => gateway.close())

async function open(token?: KnownToken) {
  used = []
  revoked = []
  gateway = await openGatewayWithout(token ? new Map([[text, token]]) : new Map(), {
    usage: { record: (call) => used.push(call), flush: async () => {}, close: async () => 0 },
    revoke: async ({ tokenId }) => {
      revoked.push(tokenId)
      return 'confirmed'
    },
  })
}

const store = 'harbor-lights'
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const asked = { Host: `${store}.order.store.example` }
const authorize = (token: string | undefined) =>
  send(gateway, '/authorize', {
    headers: { ...asked, ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
  })
const revoke = (token: string | undefined) =>
  send(gateway, '/revoke', { headers: form, body: token === undefined ? '' : `token=${token}` })

type Expected = {
  presented?: string | undefined
  token?: KnownToken
  xml: number
  /** Of `/authorize`: the status, and what follows the realm. */
  bearer: [status: number, parameters: string]
  /** Of `/introspect`, where the token alone is asked about. */
  inactive: string | undefined
  endedByRevoke: boolean
}

const described = (error: string, description: string) =>
  `, error="${error}", error_description="${description}"`
const unknown: Expected = {
  xml: 10009,
  bearer: [401, ', error="invalid_token"'],
  inactive: '',
  endedByRevoke: false,
}
const causes: Record<RefusalCause, Expected> = {
  missing: { ...unknown, presented: undefined, bearer: [401, ''], inactive: undefined },
  malformed: { ...unknown, presented: 'nonsense' },
  unknown: { ...unknown, presented: text },
  revoked: {
    token: knownToken({ revoked: true }),
    xml: 10009,
    bearer: [401, described('invalid_token', 'The token was revoked.')],
    inactive: 'revoked',
    endedByRevoke: false,
  },
  expired: {
    token: knownToken({ expired: true }),
    xml: 10009,
    bearer: [401, described('invalid_token', 'The token has expired.')],
    inactive: 'expired',
    endedByRevoke: false,
  },
  paused: {
    token: knownToken({ pausedUntil: new Date(Date.now() + 3_600_000) }),
    xml: 10009,
    bearer: [401, described('invalid_token', 'The token is paused.')],
    inactive: 'paused',
    endedByRevoke: true,
  },
  'other-store': {
    token: knownToken({ storeId: 'other' }),
    xml: 10010,
    bearer: [403, described('insufficient_scope', 'The token is for another store.')],
    inactive: undefined,
    endedByRevoke: true,
  },
  'api-not-ticked': {
    token: knownToken({ apis: [] }),
    xml: 10010,
    bearer: [403, described('insufficient_scope', 'The store has not ticked this API for the partner.')],
    inactive: 'api-not-ticked',
    endedByRevoke: true,
  },
  'package-without-apis': {
    token: knownToken({ package: 'starter' }),
    xml: 10010,
    bearer: [403, described('insufficient_scope', 'The package of the store has no APIs.')],
    inactive: 'package-without-apis',
    endedByRevoke: true,
  },
}

describe.each(Object.entries(causes))('%s', (cause, expected) => {
  const presented = 'presented' in expected ? expected.presented : text
  const noted = expected.token && { tokenId: expected.token.tokenId, api: 'order', cause }

  test('at the XML API', async () => {
    await open(expected.token)
    const body = envelopeOf({ storeId: store, token: presented })
    const answer = await send(gateway, '/V1/order', { body })
    expect([answer.status, codeIn(answer)]).toEqual([400, expected.xml])
    expect(used).toMatchObject(noted ? [noted] : [])
  })

  test('at /authorize', async () => {
    await open(expected.token)
    const answer = await authorize(presented)
    const [status, parameters] = expected.bearer
    expect([answer.status, answer.body]).toEqual([status, ''])
    expect(answer.headers['www-authenticate']).toBe(`Bearer realm="store"${parameters}`)
    expect(answer.headers['x-store-id']).toBeUndefined()
    expect(JSON.parse(gateway.log()).cause).toBe(cause)
    expect(used).toMatchObject(noted ? [noted] : [])
  })

  test('at /introspect', async () => {
    await open(expected.token)
    const answer = JSON.parse((await introspect(gateway, presented ?? '')).body)
    const { inactive } = expected
    if (inactive === '') expect(answer).toEqual({ active: false })
    else if (inactive) expect(answer).toEqual({ active: false, inactive_reason: inactive })
    else expect(answer.active).toBe(expected.token ? true : undefined)
  })

  test('at /revoke', async () => {
    await open(expected.token)
    const answer = await revoke(presented)
    const isNone = cause === 'missing' || cause === 'malformed'
    expect([answer.status, isNone || answer.body]).toEqual(isNone ? [400, true] : [200, '{}'])
    expect(revoked).toEqual(expected.endedByRevoke ? [expected.token?.tokenId] : [])
    expect(used).toMatchObject(cause === 'revoked' ? [{ tokenId: expected.token?.tokenId, cause }] : [])
  })
})

describe('a good token', () => {
  const good = knownToken({ apis: ['order', 'catalog'] })

  test('at /authorize learns who it is, so that the proxy can pass it on', async () => {
    await open(good)
    const answer = await authorize(text)
    expect([answer.status, answer.body]).toEqual([200, ''])
    expect(answer.headers).toMatchObject({
      'x-store-id': store,
      'x-partner-id': good.partnerId,
      'x-token-id': good.tokenId,
      'x-apis': 'order catalog',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'cache-control': 'no-store',
    })
    expect(answer.headers['www-authenticate']).toBeUndefined()
    expect(used).toMatchObject([{ tokenId: good.tokenId, api: 'order', cause: null, address: '127.0.0.1' }])
    expect(JSON.parse(gateway.log())).toMatchObject({
      ...{ route: '/authorize', outcome: 'accepted', store, partner: good.partnerId },
      ...{ tokenId: good.tokenId, status: 200 },
    })
  })

  test('at /revoke is ended, in the name of who presented it', async () => {
    await open(good)
    expect((await revoke(text)).status).toBe(200)
    expect(revoked).toEqual([good.tokenId])
    expect(JSON.parse(gateway.log())).toMatchObject({
      ...{ route: '/revoke', outcome: 'accepted', store, tokenId: good.tokenId },
    })
  })
})

describe('while the database is out of reach', () => {
  const openOut = async () => {
    await open()
    await gateway.close()
    gateway = await openGatewayWithout(new Map(), {
      verifier: {
        verify: () => Promise.reject(new LookUpError('timed-out')),
        verifyHash: () => Promise.reject(new LookUpError('timed-out')),
      },
    })
  }

  test('every endpoint answers 503 and when to come again', async () => {
    await openOut()
    const answers = [
      await send(gateway, '/V1/order', { body: envelopeOf({ storeId: store, token: text }) }),
      await authorize(text),
      await revoke(text),
    ]
    for (const { status, headers } of answers) {
      expect([status, headers['retry-after']]).toEqual([503, '1'])
    }
    expect((await introspect(gateway, text)).status).toBe(503)
    for (const line of gateway.log().trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ outcome: 'failed', detail: 'timed-out' })
    }
  })
})

test('a bug behind an endpoint is 500 there, never an acceptance, and its cause is in the log', async () => {
  await open()
  await gateway.close()
  const verify = () => Promise.reject(new Error('a bug'))
  gateway = await openGatewayWithout(new Map(), { verifier: { verify, verifyHash: verify } })
  for (const answer of [await authorize(text), await revoke(text), await introspect(gateway, text)]) {
    expect(answer.status).toBe(500)
  }
  expect(gateway.log().match(/a bug/g)?.length).toBeGreaterThanOrEqual(3)
})
