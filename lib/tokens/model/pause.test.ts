import { expect, test } from 'vitest'
import { endOfPauses, pauseOfOthers } from './pause.ts'
import { refusalOfRenewal } from './renewable.ts'
import { inDays, now, pauseRow, tokenOf } from './test-token.ts'

const until = (days: number, endsAs: 'resumed' | 'revoked' = 'resumed') => ({
  ...{ endsAt: inDays(days).toISOString(), endsAs },
})

test('of two pauses a revocation comes first, else the token works after the last of them', () => {
  const pausedFor = (merchant: ReturnType<typeof until>, partner: ReturnType<typeof until>) =>
    endOfPauses(tokenOf({ pauses: [pauseRow('merchant', merchant), pauseRow('partner', partner)] }).pauses)
  const by = ['merchant', 'partner']
  expect(pausedFor(until(1), until(2))).toEqual({ endsAs: 'resumed', endsAt: inDays(2), by })
  expect(pausedFor(until(2), until(1))).toEqual({ endsAs: 'resumed', endsAt: inDays(2), by })
  expect(pausedFor(until(2, 'revoked'), until(1))).toEqual({ endsAs: 'revoked', endsAt: inDays(2), by })
  expect(pausedFor(until(1, 'revoked'), until(2))).toEqual({ endsAs: 'revoked', endsAt: inDays(1), by })
  expect(pausedFor(until(2, 'revoked'), until(1, 'revoked'))).toMatchObject({ endsAt: inDays(1) })
  expect(() => endOfPauses([])).toThrow('not paused')
})

test('a paused token says so before all else, and whoever paused it resumes it next', () => {
  const token = tokenOf({ pauses: [pauseRow('partner')], lastUsedAt: now })
  expect(token.state).toEqual({ kind: 'paused', endsAs: 'resumed', endsAt: inDays(1 / 24), by: ['partner'] })
  expect(token.nextStep).toEqual({ merchant: null, partner: 'resume' })
  expect(token.canBeRenewed).toBe(false)
  expect(pauseOfOthers(token, 'merchant')).toMatchObject({ side: 'partner', begunAt: inDays(-1) })
  expect(pauseOfOthers(token, 'partner')).toBeUndefined()
})

test('a token that has ended is paused no longer, whatever its pauses say', () => {
  const ended = tokenOf({ pauses: [pauseRow('merchant')], revokedAt: inDays(-1) })
  expect([ended.pauses, ended.state]).toEqual([[], { kind: 'revoked' }])
})

test('only who paused a token can renew it', () => {
  const token = tokenOf({ pauses: [pauseRow('merchant')] })
  expect(refusalOfRenewal(token, 'merchant', now)).toBeNull()
  expect(refusalOfRenewal(token, 'partner', now)).toBe('paused')
})
