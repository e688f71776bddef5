import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayMs } from '../../time/units.ts'
import { isExpiring, isInUse, isLive, statusOf } from './status.ts'

const now = new Date('2026-11-23T12:00:00Z')
const after = (ms: number) => new Date(now.getTime() + ms)
const moment = fc.integer({ min: -400 * dayMs, max: 400 * dayMs }).map(after)
const token = fc.record({
  expiresAt: moment,
  revokedAt: fc.option(moment),
  hasSuccessor: fc.boolean(),
})

test('a revoked token is revoked whatever else is true of it', () => {
  fc.assert(
    fc.property(token, moment, (facts, revokedAt) => {
      expect(statusOf({ ...facts, revokedAt }, now)).toBe('revoked')
    }),
  )
})

test('a token is expired from the very moment that it expires at', () => {
  const facts = { revokedAt: null, hasSuccessor: false }
  expect(statusOf({ ...facts, expiresAt: now }, now)).toBe('expired')
  expect(statusOf({ ...facts, expiresAt: after(1) }, now)).toBe('new')
})

test('a live token is New, or Renewed where it has a successor', () => {
  const facts = { revokedAt: null, expiresAt: after(dayMs) }
  expect(statusOf({ ...facts, hasSuccessor: false }, now)).toBe('new')
  expect(statusOf({ ...facts, hasSuccessor: true }, now)).toBe('renewed')
})

test('live is exactly New or Renewed', () => {
  fc.assert(
    fc.property(token, (facts) => {
      expect(isLive(facts, now)).toBe(['new', 'renewed'].includes(statusOf(facts, now)))
    }),
  )
})

test('expiring is live and within the next 30 days', () => {
  const facts = { revokedAt: null, hasSuccessor: false }
  expect(isExpiring({ ...facts, expiresAt: after(30 * dayMs) }, now)).toBe(true)
  expect(isExpiring({ ...facts, expiresAt: after(30 * dayMs + 1) }, now)).toBe(false)
  expect(isExpiring({ ...facts, expiresAt: now }, now)).toBe(false)
  expect(isExpiring({ ...facts, expiresAt: after(dayMs), revokedAt: now }, now)).toBe(false)
})

test('a token used within seven days is in use, one never used is not', () => {
  expect(isInUse({ lastUsedAt: after(-7 * dayMs) }, now)).toBe(true)
  expect(isInUse({ lastUsedAt: after(-7 * dayMs - 1) }, now)).toBe(false)
  expect(isInUse({ lastUsedAt: null }, now)).toBe(false)
})
