import { describe, expect, test } from 'vitest'
import { readIntrospectionClients } from './introspection-clients.ts'

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

describe('credentials', () => {
  const identify = readIntrospectionClients('shop:the first secret, depot:p%2Bq:r and 12 more')

  test('each client is known by its own secret', () => {
    expect(identify(basic('shop:the first secret'))).toBe('shop')
    expect(identify(basic('depot:p%2Bq:r and 12 more'))).toBe('depot')
  })

  test('they may come percent-encoded, as RFC 6749 has it', () => {
    expect(identify(basic('shop:the+first+secret'))).toBe('shop')
    expect(identify(basic('shop:the%20first%20secret'))).toBe('shop')
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
  expect(readIntrospectionClients('')(basic(':'))).toBeUndefined()
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
  expect(readIntrospectionClients(setting('x'.repeat(16)))(basic(`depot:${'x'.repeat(16)}`))).toBe('depot')
})

test('the message does not tell the secret', () => {
  for (const setting of ['mysecret', 'shop:mysecret']) {
    expect(() => readIntrospectionClients(setting)).not.toThrow(/mysecret/)
    expect(() => readIntrospectionClients(setting)).toThrow('INTROSPECTION_CLIENTS')
  }
})

test('who was right once is known again, and a guess after them is nobody still', () => {
  const identify = readIntrospectionClients('shop:the first secret,depot:the second secret')
  for (let n = 0; n < 3; n++) {
    expect(identify(basic('shop:the first secret'))).toBe('shop')
    expect(identify(basic('depot:the second secret'))).toBe('depot')
    expect(identify(basic('shop:the second secret'))).toBeUndefined()
    expect(identify(undefined)).toBeUndefined()
  }
})
