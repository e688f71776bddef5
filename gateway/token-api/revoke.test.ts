import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { KnownToken } from '#lib/tokens/model/policy.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { RevokePresented } from '#lib/tokens/revoke-presented.ts'
import type { RecordedCall } from '#lib/verification/recorded-call.ts'
import { type Gateway, knownToken, openGatewayWithout, send } from '../testing/gateway.ts'

const live = createTokenText()
const form = 'application/x-www-form-urlencoded'
let gateway: Gateway
let revoked: Parameters<RevokePresented>[]

async function open(revoke: RevokePresented = async () => 'confirmed') {
  revoked = []
  gateway = await openGatewayWithout(new Map([[live, knownToken()]]), {
    async revoke(...call) {
      revoked.push(call)
      return revoke(...call)
    },
  })
}
afterEach(() => gateway.close())

type Sent = { contentType?: string; method?: string; authorization?: string }

const post = (body: string, { contentType = form, method = 'POST', ...headers }: Sent = {}) =>
  send(gateway, '/revoke', { method, headers: { 'Content-Type': contentType, ...headers }, body })

test('a token is revoked by who presents it, and the answer is JSON that says nothing', async () => {
  await open()
  const answer = await post(`token=${live}`)
  expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'application/json',
    '{}',
  ])
  expect(revoked).toEqual([[knownToken(), { address: '127.0.0.1' }]])
})

test.each([
  ['with a hint', `token=${live}&token_type_hint=access_token`, {}],
  ['with two hints', `token_type_hint=x&token=${live}&token_type_hint=y`, {}],
  ['percent-encoded', `token=${live.replace('.', '%2E')}`, {}],
  ['with a character set', `token=${live}`, { contentType: `${form}; charset=UTF-8` }],
  ['with credentials, of which programs have none', `token=${live}`, { authorization: 'Basic Zm9vOmJhcg==' }],
])('%s it is the same', async (_, body, sent) => {
  await open()
  expect((await post(body, sent)).status).toBe(200)
  expect(revoked).toHaveLength(1)
})

test.each([
  ['no token', 'x=1', {}, 400],
  ['an empty token', 'token=', {}, 400],
  ['a token twice', `token=${live}&token=${live}`, {}, 400],
  ['a token that is not in the body', '', { authorization: `Bearer ${live}` }, 400],
  ['JSON', `{"token":"${live}"}`, { contentType: 'application/json' }, 415],
  ['GET', '', { method: 'GET' }, 405],
  ['another method', `token=${live}`, { method: 'PUT' }, 405],
  ['too large a body', `token=${live}&x=${'a'.repeat(70_000)}`, {}, 413],
])('%s is an invalid request and revokes nothing', async (_, body, sent, status) => {
  await open()
  const answer = await post(body, sent)
  expect([answer.status, JSON.parse(answer.body).error]).toEqual([status, 'invalid_request'])
  expect(answer.headers.allow).toBe(status === 405 ? 'POST' : undefined)
  expect(revoked).toEqual([])
})

describe('200 is never said while the token that was meant lives:', () => {
  test.each(['%0A', '%0D%0A', '%0D', '+', '%20', '%09', '+%09%0D%0A', '%EF%BB%BF'])(
    'white space around it is cut: %s',
    async (space) => {
      await open()
      for (const text of [space + live, live + space, space + live + space]) {
        expect((await post(`token=${text}`)).status).toBe(200)
      }
      expect(revoked).toHaveLength(3)
    },
  )

  test.each(['%22', '%27', '%60', '%E2%80%9C', '%3C', '%2C', '%00', '%E2%80%8B', '%250A', 'x', '='])(
    'what cannot be a token is an invalid request, whether there is such a token or not: %s',
    async (mark) => {
      await open()
      const nobodys = createTokenText()
      const answers = []
      for (const token of [live, nobodys]) {
        answers.push(await post(`token=${mark}${token}${mark}`), await post(`token=${token}${mark}`))
      }
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400])
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
      expect(JSON.parse(answers[0]?.body ?? '')).toEqual({
        error: 'invalid_request',
        error_description: 'The parameter token is not the text of a token: nothing was revoked.',
      })
      expect(revoked).toEqual([])
    },
  )

  test.each([
    `token=Bearer+${live}`,
    `token=${live}%0A${live}`,
    `token=${live.slice(0, -1)}`,
    'token=%40token.txt',
    'token=%0A',
  ])('nor for %s', async (body) => {
    await open()
    expect((await post(body)).status).toBe(400)
    expect(revoked).toEqual([])
  })

  test('a well-formed token that nobody has gets the 200 of one that is revoked', async () => {
    await open()
    const answer = await post(`token=${createTokenText()}`)
    expect([answer.status, answer.body]).toEqual([200, '{}'])
  })
})

test('a token in the address is not taken', async () => {
  await open()
  const answer = await send(gateway, `/revoke?token=${live}`, { headers: { 'Content-Type': form } })
  expect(answer.status).toBe(400)
  expect(revoked).toEqual([])
})

describe('what is noted of the token', () => {
  const openWith = async (token: KnownToken) => {
    const used: RecordedCall[] = []
    gateway = await openGatewayWithout(new Map([[live, token]]), {
      usage: { record: (call) => used.push(call), flush: async () => {}, close: async () => 0 },
    })
    return used
  }

  test('a revoked one counts as tried again, and the answer is the same 200', async () => {
    const used = await openWith(knownToken({ revoked: true }))
    for (let n = 0; n < 2; n++) {
      const answer = await send(gateway, '/revoke', {
        headers: { 'Content-Type': form, 'User-Agent': 'old job' },
        body: `token=${live}`,
      })
      expect([answer.status, answer.body]).toEqual([200, '{}'])
    }
    const attempt = {
      tokenId: knownToken().tokenId,
      cause: 'revoked',
      address: '127.0.0.1',
      client: 'old job',
    }
    expect(used).toMatchObject([attempt, attempt])
  })

  test.each(['live', 'expired'])('one that is %s was not used: nothing', async (state) => {
    const used = await openWith(knownToken({ expired: state === 'expired' }))
    expect((await post(`token=${live}`)).status).toBe(200)
    expect(used).toEqual([])
  })
})

test('no body without the token revokes, throws, answers 5xx or says that it is done', async () => {
  await open()
  const piece = fc.constantFrom('token', '=', '&', '%', '%00', '+', live.slice(0, -1), 'x', ';', '\0', 'é')
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  )
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      expect((await post(text)).status).toBe(400)
      expect(revoked).toEqual([])
    }),
    { numRuns: 300 },
  )
})

describe('where it is not certain that the token is dead the caller does not hear 200', () => {
  test('a database that is out of reach is 503', async () => {
    await open(async () => {
      throw Object.assign(new Error('no way'), { code: 'ECONNREFUSED' })
    })
    const answer = await post(`token=${live}`)
    expect([answer.status, answer.headers['retry-after'], answer.body]).toEqual([
      503,
      '1',
      '{"error":"temporarily_unavailable"}',
    ])
    expect(JSON.parse(gateway.log())).toMatchObject({ route: '/revoke', outcome: 'failed' })
  })

  test('a bug is 500', async () => {
    await open(async () => {
      throw new Error('a bug')
    })
    const answer = await post(`token=${live}`)
    expect([answer.status, answer.body]).toEqual([500, '{"error":"server_error"}'])
    expect(gateway.log()).toContain('a bug')
  })
})
