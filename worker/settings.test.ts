import { expect, test } from 'vitest'
import { testKeys, testKeysText } from '#lib/encryption/test-keyring.ts'
import { readEnv } from '#lib/process/env.ts'
import { requiredOf } from '#tools/variables-table.ts'
import { readWorkerSettings } from './settings.ts'

const secret = 'only-for-the-tests-0123456789-0123456789'
const complete = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
  NEXTAUTH_SECRET: secret,
  ENCRYPTION_KEYS: testKeysText,
}

test('links in mails begin with the address that people type', () => {
  const env = readEnv({ ...complete, NEXTAUTH_URL: 'https://tokens.example.com/' })
  expect(readWorkerSettings(env)).toEqual({
    baseUrl: 'https://tokens.example.com',
    secret,
    keys: testKeys,
    signers: [],
  })
})

test('in the demo they begin with where the web server listens', () => {
  const env = readEnv({ ...complete, DEMO: '1', PORT: '4000' })
  expect(readWorkerSettings(env).baseUrl).toBe('http://127.0.0.1:4000')
})

test('a worker that lacks what it needs says all of it, as the table of docs/operating.md does', () => {
  const { DATABASE_URL } = complete
  const [first, ...others] = requiredOf('worker')
  expect([first, others.length]).toEqual(['DATABASE_URL', 3])
  expect(() => readWorkerSettings(readEnv({ DATABASE_URL }))).toThrow(
    new RegExp(`complete:${others.map((name) => `\\n  ${name}: [^\\n]+`).join('')}$`),
  )
})
