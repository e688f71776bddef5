import { expect, test } from 'vitest'
import { refusalOfRenewal, sortOut } from './renewable.ts'
import { now, renewed, tokenOf } from './test-token.ts'

test.each([
  [null, {}],
  ['revoked', { revokedAt: now }],
  ['expired', { expiresAt: now }],
  ['already-renewed', renewed],
  ['already-renewed', { ...renewed, storePackage: 'starter' }],
  ['package-without-apis', { storePackage: 'starter' }],
] as const)('a renewal is refused as %s: %j', (refusal, facts) => {
  expect(refusalOfRenewal(tokenOf(facts), 'merchant', now)).toBe(refusal)
})

test('what can be renewed and what cannot keep their order, with why', () => {
  const [first, second] = [tokenOf({ id: 'first' }), tokenOf({ id: 'second' })]
  const [dead, done] = [tokenOf({ id: 'dead', expiresAt: now }), tokenOf({ id: 'done', ...renewed })]
  expect(sortOut([dead, first, done, second], 'merchant', now)).toEqual({
    renewable: [first, second],
    leftOut: [
      { token: dead, obstacle: 'expired' },
      { token: done, obstacle: 'already-renewed' },
    ],
  })
})
