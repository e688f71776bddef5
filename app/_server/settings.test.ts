import { expect, test } from 'vitest'
import { testKeysText } from '#lib/encryption/test-keyring.ts'
import { readEnv } from '#lib/process/env.ts'
import { requiredOf } from '#tools/variables-table.ts'
import { completeAuthSettings, readSettings } from './settings.ts'

const database = { DATABASE_URL: 'postgres://app:secret@db.example.com/tokens' }
const secret = 'a secret of thirty-two characters or more'
const url = 'https://tokens.example.com'
const keys = testKeysText

const missing = (variables: Record<string, string>, mode: 'production' | 'development' = 'production') =>
  completeAuthSettings(readEnv({ ...database, ...variables }), mode).missing.map((line) => line.split(':')[0])

test('production needs its own address and secret, and makes up neither', () => {
  expect(missing({})).toEqual(['NEXTAUTH_URL', 'NEXTAUTH_SECRET', 'ENCRYPTION_KEYS'])
  expect(missing({ NEXTAUTH_URL: url, NEXTAUTH_SECRET: secret })).toEqual(['ENCRYPTION_KEYS'])
  const complete = completeAuthSettings(
    readEnv({ ...database, NEXTAUTH_URL: url, NEXTAUTH_SECRET: secret, ENCRYPTION_KEYS: keys }),
    'production',
  )
  expect(complete).toEqual({ set: {}, missing: [] })
})

test('the table of docs/operating.md requires of the web server what it asks for', () => {
  expect(requiredOf('web')).toEqual(['DATABASE_URL', ...missing({})])
})

test('the demo runs without any of them, with other secrets at every start', () => {
  const demo = () => completeAuthSettings(readEnv({ ...database, DEMO: '1' }), 'production')
  expect(demo().missing).toEqual([])
  expect(demo().set.AUTH_TRUST_HOST).toBe('true')
  expect(demo().set.NEXTAUTH_SECRET).not.toBe(demo().set.NEXTAUTH_SECRET)
  expect(demo().set.ENCRYPTION_KEYS).not.toBe(demo().set.ENCRYPTION_KEYS)
})

test('single sign-on is switched on as a whole or not at all', () => {
  expect(missing({ DEMO: '1', OIDC_ISSUER: 'https://id.example.com' })).toEqual([
    'OIDC_CLIENT_ID, OIDC_CLIENT_SECRET',
  ])
})

const complete = {
  ...database,
  NEXTAUTH_URL: url,
  NEXTAUTH_SECRET: secret,
  ENCRYPTION_KEYS: keys,
}

test('a complete environment starts, and nothing is added to it', () => {
  const { env, set } = readSettings(complete, 'production')
  expect(env).toMatchObject(complete)
  expect(set).toEqual({})
})

test.each([
  ['DATABASE_URL', { DATABASE_URL: undefined }, 'DATABASE_URL'],
  ['NEXTAUTH_URL', { NEXTAUTH_URL: undefined }, 'NEXTAUTH_URL'],
  ['NEXTAUTH_SECRET', { NEXTAUTH_SECRET: undefined }, 'NEXTAUTH_SECRET'],
  ['a NEXTAUTH_SECRET that is long enough', { NEXTAUTH_SECRET: 'short' }, 'NEXTAUTH_SECRET'],
  ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: undefined }, 'ENCRYPTION_KEYS'],
  ['an address without a path', { NEXTAUTH_URL: 'https://a.example/sub' }, 'NEXTAUTH_URL'],
  ['readable proxies', { TRUSTED_PROXIES: 'the one in front' }, 'TRUSTED_PROXIES'],
  ['all of OpenID Connect', { OIDC_ISSUER: 'https://issuer.example' }, 'OIDC_CLIENT_SECRET'],
])('the web server does not start in production without %s, and says so', (_what, change, named) => {
  expect(() => readSettings({ ...complete, ...change }, 'production')).toThrow(named)
})
