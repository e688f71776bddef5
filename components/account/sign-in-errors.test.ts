import { expect, test } from 'vitest'
import { messageOf, signInErrorOf } from './sign-in-errors.ts'

test('whoever must wait reads for how long at most', () => {
  expect(messageOf(signInErrorOf({ kind: 'throttled', waitSeconds: 421 }))?.text).toContain(
    'Wait 8 minutes at most',
  )
  expect(messageOf(signInErrorOf({ kind: 'throttled', waitSeconds: 9 }))?.text).toContain(
    'Wait a minute at most',
  )
})

test('text that somebody else put into the address is never shown', () => {
  for (const code of ['Your account was closed, call +1 555', 'constructor', '__proto__', 'throttled-9999']) {
    expect(messageOf(code)?.text).toBe('Signing in did not work. Try again.')
  }
  expect(messageOf(['wrong-credentials'])).toBeNull()
  expect(messageOf(undefined)).toBeNull()
})
