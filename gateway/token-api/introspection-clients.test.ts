import { describe, expect, test } from 'vitest'
import { readIntrospectionClients } from './introspection-clients.ts'

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

describe('credentials', () => {
  const { identify } = readIntrospectionClients('shop:the first secret, depot:p%2Bq:r and 12 more')

  test('each client is known by its own secret', () => {
    expect(identify(basic('shop:the first secret'))?.id).toBe('shop')
    expect(identify(basic('depot:p%2Bq:r and 12 more'))?.id).toBe('depot')
  })

  test('they may come percent-encoded, as RFC 6749 has it', () => {
    expect(identify(basic('shop:the+first+secret'))?.id).toBe('shop')
    expect(identify(basic('shop:the%20first%20secret'))?.id).toBe('shop')
  })

  test.each([
    undefined,
    '',
    'Basic',
    'Basic !!!',
    'Bearer abc',
    basic('shop'),
    basic('shop:'),
    basic('shop:wrong'),
    basic('shop:p%2Bq:r and 12 more'),
    basic('depot:the first secret'),
    basic(':the first secret'),
    basic('shop:the first secret '),
    basic('shop:%E0%A4%A'),
  ])('%s is nobody', (authorization) => {
    expect(identify(authorization)).toBeUndefined()
  })
})

test('where no client is set, nobody may ask', () => {
  expect(readIntrospectionClients('').identify(basic(':'))).toBeUndefined()
})

test.each(['shop', 'shop:', ':secret', 'a:a secret of tests,shop'])(
  'a setting like "%s" is refused by its name',
  (setting) => {
    expect(() => readIntrospectionClients(setting)).toThrow(/INTROSPECTION_CLIENTS: entry \d/)
  },
)

test('a secret of fewer than 16 characters is refused with what to do', () => {
  const setting = (secret: string) => `shop:the first secret,depot:${secret}`
  expect(() => readIntrospectionClients(setting('x'.repeat(15)))).toThrow(
    'INTROSPECTION_CLIENTS: the secret of entry 2 is shorter than 16 characters; make one with: openssl rand -hex 24',
  )
  const { identify } = readIntrospectionClients(setting('x'.repeat(16)))
  expect(identify(basic(`depot:${'x'.repeat(16)}`))?.id).toBe('depot')
})

describe('how long a client may rely on an answer', () => {
  const read = (setting: string) =>
    readIntrospectionClients(setting).all.map(({ id, maxAgeS }) => `${id} ${maxAgeS}`)

  test('is 30 seconds, or what stands behind its secret, which is none of it', () => {
    expect(
      read('shop:the first secret,depot:the second secret;max-age=5,mail:the third secret;max-age=0'),
    ).toEqual(['shop 30', 'depot 5', 'mail 0'])
    const { identify } = readIntrospectionClients('depot:a;max-age=1 is no age;max-age=86400')
    expect(identify(basic('depot:a;max-age=1 is no age'))).toEqual({ id: 'depot', maxAgeS: 86_400 })
  })

  test.each(['', '-1', '86401', '1.5', '30s', ' 5'])('is no "%s"', (maxAge) => {
    expect(() => read(`shop:the first secret;max-age=${maxAge}`)).toThrow(
      'INTROSPECTION_CLIENTS: the max-age of entry 1 is no number of seconds from 0 to 86400',
    )
  })

  test('is one for all secrets of the client', () => {
    expect(read('shop:the first secret;max-age=5,shop:the second secret;max-age=5')).toEqual(['shop 5'])
    expect(() => read('shop:the first secret;max-age=5,shop:the second secret')).toThrow(
      'INTROSPECTION_CLIENTS: entry 2 has another max-age than its client had before',
    )
  })
})

test('the message does not tell the secret', () => {
  for (const setting of ['mysecret', 'shop:mysecret', 'shop:mysecret;max-age=x']) {
    expect(() => readIntrospectionClients(setting)).not.toThrow(/mysecret/)
    expect(() => readIntrospectionClients(setting)).toThrow('INTROSPECTION_CLIENTS')
  }
})

test('who was right once is known again, and a guess after them is nobody still', () => {
  const { identify } = readIntrospectionClients('shop:the first secret,depot:the second secret')
  for (let n = 0; n < 3; n++) {
    expect(identify(basic('shop:the first secret'))?.id).toBe('shop')
    expect(identify(basic('depot:the second secret'))?.id).toBe('depot')
    expect(identify(basic('shop:the second secret'))).toBeUndefined()
    expect(identify(undefined)).toBeUndefined()
  }
})
