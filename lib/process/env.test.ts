import { describe, expect, test } from 'vitest'
import { readEnv } from './env.ts'

const complete = {
  DATABASE_URL: 'postgres://app:secret@db.example.com/tokens',
  NEXTAUTH_SECRET: 'a secret of thirty-two characters or more',
}

function messageOf(variables: Record<string, string | undefined>): string {
  try {
    readEnv({ ...complete, ...variables })
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  }
}

describe('a start is refused, with the name of the variable,', () => {
  test.each([
    ['without a database', { DATABASE_URL: undefined }],
    ['with an empty database', { DATABASE_URL: '' }],
    ['with a database of another kind', { DATABASE_URL: 'mysql://db.example.com/tokens' }],
    ['with a short secret', { NEXTAUTH_SECRET: 'x'.repeat(31) }],
    ['with a short key', { ENCRYPTION_KEYS: '2026:c2hvcnQ=' }],
    ['with mails to another kind of server', { SMTP_URL: 'https://mail.example.com' }],
    ['with webhooks into a network that is none', { WEBHOOK_NETWORKS: '127.0.0.0/8,localhost' }],
    ['with an own address without a scheme', { NEXTAUTH_URL: 'tokens.example.com' }],
    ['with an own address that has a path', { NEXTAUTH_URL: 'https://tokens.example.com/api/auth' }],
    ['with an own address that asks something', { NEXTAUTH_URL: 'https://tokens.example.com/?x' }],
    ['with an own address that names a user', { NEXTAUTH_URL: 'https://me@tokens.example.com' }],
    ['with an own address of another kind', { NEXTAUTH_URL: 'ftp://tokens.example.com' }],
    ['with an unknown level', { LOG_LEVEL: 'verbose' }],
    ['with a port of words', { PORT: 'http' }],
    ['with a port that does not exist', { GATEWAY_PORT: '65536' }],
    ['with a broken port', { PORT: '30.5' }],
    ['with a body that no caller needs', { GATEWAY_BODY_BYTES: '10485761' }],
    ['without connections', { GATEWAY_CONNECTIONS: '0' }],
    ['with a lease that is too short', { GATEWAY_LEASES: '199' }],
    ['with a lease that is too long', { GATEWAY_LEASES: '5001' }],
    ['with a delay in words', { SHUTDOWN_DELAY_MS: '5s' }],
  ])('%s', (_what, variables) => {
    const [name = ''] = Object.keys(variables)
    expect(messageOf(variables)).toMatch(new RegExp(`^The environment is not complete:\\n  ${name}: `))
  })
})

test('the address that people type is read in one way, by the web server and the worker', () => {
  for (const NEXTAUTH_URL of [
    'https://tokens.example.com',
    'https://tokens.example.com/',
    'https://TOKENS.example.com:443',
  ]) {
    expect(readEnv({ ...complete, NEXTAUTH_URL }).NEXTAUTH_URL).toBe('https://tokens.example.com')
  }
})

test('all that is wrong is named at once, and no value of it', () => {
  const message = messageOf({ DATABASE_URL: undefined, NEXTAUTH_SECRET: 'too short', PORT: '0' })
  for (const name of ['DATABASE_URL', 'NEXTAUTH_SECRET', 'PORT']) expect(message).toContain(name)
  expect(message).not.toContain('too short')
})

test('what is not set, or set to nothing, has its default', () => {
  expect(readEnv({ ...complete, PORT: '', LOG_LEVEL: '', UNKNOWN: 'x' })).toEqual({
    ...complete,
    HOST: '127.0.0.1',
    PORT: 3000,
    SECURITY_CONTACTS: [],
    GATEWAY_PORT: 3001,
    TRUSTED_PROXIES: '',
    INTROSPECTION_CLIENTS: '',
    INTROSPECTION_USERNAMES: '',
    INTROSPECTION_KEYS: '',
    STORE_ENGINE_TIMEOUT_MS: 10_000,
    STORE_CALLS_AT_ONCE: 50,
    GATEWAY_LEASES: 0,
    GATEWAY_BODY_BYTES: 65_536,
    GATEWAY_CONNECTIONS: 10_000,
    METRICS_HOST: '127.0.0.1',
    MAIL_FROM: 'Partner Tokens <tokens@localhost>',
    WEBHOOK_NETWORKS: [],
    PUBLIC_STATUS: '0',
    SHUTDOWN_DELAY_MS: 0,
    OIDC_NAME: 'single sign-on',
    OIDC_SECOND_FACTOR: [],
    OIDC_WITHOUT_EMAIL_VERIFIED: 'refuse',
    LOG_LEVEL: 'info',
    DEMO: '0',
  })
})
