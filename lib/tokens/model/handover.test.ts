import { expect, test } from 'vitest'
import { collectWithinDays, handoverStatusOf } from './handover.ts'
import { inDays, now } from './test-token.ts'

const kept = { isKept: true, collectUntil: inDays(1), collectedAt: null }
const live = { expiresAt: inDays(300), revokedAt: null }

test.each([
  ['waiting', { ...live, handover: kept }],
  ['waiting', { ...live, handover: { ...kept, collectUntil: new Date(now.getTime() + 1) } }],
  ['too-late', { ...live, handover: { ...kept, collectUntil: now } }],
  ['too-late', { ...live, handover: { ...kept, isKept: false } }],
  ['collected', { ...live, handover: { ...kept, collectedAt: inDays(-1) } }],
  ['collected', { ...live, revokedAt: now, handover: { ...kept, isKept: false, collectedAt: inDays(-1) } }],
  ['none', { ...live, handover: null }],
  ['none', { ...live, handover: { ...kept, collectUntil: null } }],
  ['none', { ...live, expiresAt: now, handover: kept }],
  ['none', { ...live, revokedAt: now, handover: kept }],
])('the way of the text is %s: %j', (status, token) => {
  expect(handoverStatusOf(token, now)).toBe(status)
})

test('a new token waits 14 days to be collected', () => {
  expect(collectWithinDays).toBe(14)
})
