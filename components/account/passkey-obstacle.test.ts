import { expect, test } from 'vitest'
import { passkeyObstacle } from './passkey-obstacle.ts'

test('passkeys need a name, and https unless it is this machine', () => {
  const at = (hostname: string, isSecureContext: boolean) =>
    passkeyObstacle({ isSecureContext, location: { hostname } })
  expect(at('127.0.0.1', true)).toBe('no-name')
  expect(at('[::1]', true)).toBe('no-name')
  expect(at('192.0.2.1', false)).toBe('no-name')
  expect(at('tokens.example.com', false)).toBe('no-https')
  expect(at('tokens.example.com', true)).toBeNull()
  expect(at('localhost', true)).toBeNull()
})
