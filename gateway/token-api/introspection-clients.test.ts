import { describe, expect, test } from 'vitest'
import { readIntrospectionClients } from './introspection-clients.ts'

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

describe('credentials', () => {
  const identify = readIntrospectionClients('shop:first secret, depot:p%2Bq:r')

  test('each client is known by its own secret', () => {
    expect(identify(basic('shop:first secret'))).toBe('shop')
    expect(identify(basic('depot:p%2Bq:r'))).toBe('depot')
  })

  test('they may come percent-encoded, as RFC 6749 has it', () => {
    expect(identify(basic('shop:first+secret'))).toBe('shop')
    expect(identify(basic('shop:first%20secret'))).toBe('shop')
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
    basic('shop:p%2Bq:r'),
    basic('depot:first secret'),
    basic(':first secret'),
    basic('shop:first secret '),
    basic('shop:%E0%A4%A'),
  ])('%s is nobody', (authorization) => {
    expect(identify(authorization)).toBeUndefined()
  })
})

test('where no client is set, nobody may ask', () => {
  expect(readIntrospectionClients('')(basic(':'))).toBeUndefined()
})

test.each(['shop', 'shop:', ':secret', 'a:b,shop'])(
  'a setting like "%s" is refused by its name',
  (setting) => {
    expect(() => readIntrospectionClients(setting)).toThrow(/INTROSPECTION_CLIENTS: entry \d/)
  },
)

test('the message does not tell the secret', () => {
  expect(() => readIntrospectionClients('mysecret')).not.toThrow(/mysecret/)
})

test('who was right once is known again, and a guess after him is nobody still', () => {
  const identify = readIntrospectionClients('shop:first secret,depot:second secret')
  for (let n = 0; n < 3; n++) {
    expect(identify(basic('shop:first secret'))).toBe('shop')
    expect(identify(basic('depot:second secret'))).toBe('depot')
    expect(identify(basic('shop:second secret'))).toBeUndefined()
    expect(identify(undefined)).toBeUndefined()
  }
})
