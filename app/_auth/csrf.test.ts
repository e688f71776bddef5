import { expect, test } from 'vitest'
import { createCsrfToken, readCsrfToken } from './csrf.ts'

const secret = 'a secret of this server, thirty-two characters'

test('a token is read from its own cookie', () => {
  const { token, cookie } = createCsrfToken(secret)
  expect(readCsrfToken(cookie, secret)).toBe(token)
})

test('a cookie of another server, a made-up one and none hold no token', () => {
  const { token, cookie } = createCsrfToken(secret)
  for (const wrong of [undefined, '', '|', token, `${token}|`, `${token}|${'0'.repeat(64)}`, `x${cookie}`]) {
    expect(readCsrfToken(wrong, secret)).toBeNull()
  }
  expect(readCsrfToken(cookie, `${secret}!`)).toBeNull()
})
