import { expect, test } from 'vitest'
import { stateOf } from '#lib/tokens/model/state.ts'
import { inDays, now, renewed, tokenOf } from '#lib/tokens/model/test-token.ts'
import { reasonName, reasonOf, stateText } from './words.ts'

test.each([
  ['Ends in 20 hours', { expiresAt: inDays(20 / 24) }],
  ['Quiet for 22 days', { lastUsedAt: inDays(-22) }],
  ['Old, quiet for 8 days', { ...renewed, lastUsedAt: inDays(-8) }],
  ['Old, never used', renewed],
  ['Old, still in use', { ...renewed, lastUsedAt: now }],
  ['Old, can go now', { ...renewed, successorAdoptedAt: now }],
  ['Not used yet', {}],
  ['In use', { lastUsedAt: now }],
  ['Revoked', { revokedAt: now }],
])('a state is said as: %s', (text, facts) => {
  const token = tokenOf(facts)
  expect(stateText(stateOf(token), token.asOf)).toBe(text)
})

test('a reason is said whoever gave it, an operator without a name too; a program gives none', () => {
  expect(reasonOf({ revokedBy: null, reason: 'exposed' })).toBe(reasonName('exposed'))
  expect(reasonOf({ revokedBy: 'Owner', reason: null })).toBe('No reason given')
  expect(reasonOf({ revokedBy: null, reason: null })).toBeNull()
})
