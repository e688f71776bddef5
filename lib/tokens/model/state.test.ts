import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextStepOf, stateOf } from './state.ts'
import { inUseWithinDays } from './status.ts'
import { inDays, now, renewed, rowOf, tokenOf } from './test-token.ts'
import { describeToken } from './token.ts'

const nobody = { collectedFrom: null, collectedBy: null, collectedByEmail: null, collectedByRole: null }
const waiting = { isKept: true, collectUntil: inDays(3), collectedAt: null, ...nobody } as const
const tooLate = { isKept: false, collectUntil: inDays(-3), collectedAt: null, ...nobody } as const
const adopted = { ...renewed, successorAdoptedAt: inDays(-2) } as const

test.each([
  ['revoked, also where it waits', { revokedAt: inDays(-1), handover: waiting }, { kind: 'revoked' }],
  ['expired, also where it was renewed', { expiresAt: now, ...adopted }, { kind: 'expired' }],
  ['waiting to be collected', { handover: waiting }, { kind: 'waiting' }],
  ['waiting, though it ends soon', { handover: waiting, expiresAt: inDays(5) }, { kind: 'waiting' }],
  ['not collected in time', { handover: tooLate }, { kind: 'never-collected' }],
  [
    'not collected in time, but used by who had it from elsewhere',
    { handover: tooLate, lastUsedAt: inDays(-1) },
    { kind: 'in-use' },
  ],
  [
    'at its end within 30 days',
    { expiresAt: inDays(30), lastUsedAt: now },
    { kind: 'ending', expiresAt: inDays(30), canBeRenewed: true },
  ],
  [
    'at its end, in a store without APIs',
    { expiresAt: inDays(2), storePackage: 'starter' },
    { kind: 'ending', expiresAt: inDays(2), canBeRenewed: false },
  ],
  [
    'renewed and near its end, with a successor that nobody used',
    { ...renewed, expiresAt: inDays(2), lastUsedAt: inDays(-1) },
    { kind: 'old-in-use' },
  ],
  ['renewed, and silent since', { ...adopted, lastUsedAt: inDays(-3) }, { kind: 'old-can-go' }],
  ['renewed and never used, unlike its successor', adopted, { kind: 'old-can-go' }],
  [
    'renewed, and used in the moment of the successor’s first use',
    { ...adopted, lastUsedAt: inDays(-2) },
    { kind: 'old-in-use' },
  ],
  ['renewed, and used since', { ...adopted, lastUsedAt: inDays(-1) }, { kind: 'old-in-use' }],
  [
    'renewed, and used since, but long ago',
    { ...renewed, successorAdoptedAt: inDays(-40), lastUsedAt: inDays(-22.5) },
    { kind: 'old-quiet', days: 22 },
  ],
  [
    'renewed, and quiet, with a successor that nobody used',
    { ...renewed, lastUsedAt: inDays(-8) },
    { kind: 'old-quiet', days: 8 },
  ],
  ['renewed, and nobody used either', renewed, { kind: 'old-quiet', days: null }],
  ['never used', {}, { kind: 'not-used-yet' }],
  ['used seven days ago', { lastUsedAt: inDays(-7) }, { kind: 'in-use' }],
  ['used longer ago', { lastUsedAt: inDays(-7.01) }, { kind: 'quiet', days: 7 }],
  ['used long ago', { lastUsedAt: inDays(-22) }, { kind: 'quiet', days: 22 }],
] as const)('the state of a token that is %s', (_, facts, state) => {
  expect(stateOf(tokenOf(facts))).toEqual(state)
})

const moment = fc.integer({ min: -400, max: 400 }).map(inDays)
const past = fc.integer({ min: -400, max: 0 }).map(inDays)
const anyToken = fc
  .record({
    expiresAt: moment,
    revokedAt: fc.option(past),
    lastUsedAt: fc.option(past),
    successorId: fc.constantFrom(null, renewed.successorId),
    successorLastCharacters: fc.constant(renewed.successorLastCharacters),
    successorAdoptedAt: fc.option(past),
    storePackage: fc.constantFrom('standard', 'starter'),
    handover: fc.constantFrom(null, waiting, tooLate, { ...tooLate, collectedAt: inDays(-4) }),
  })
  .map((facts) => describeToken(rowOf(facts)))

test('a state never contradicts what the token is', () => {
  fc.assert(
    fc.property(anyToken, (token) => {
      const state = stateOf(token)
      const isOld = state.kind.startsWith('old-')
      if (['revoked', 'expired'].includes(token.status)) expect(state.kind).toBe(token.status)
      else expect(['revoked', 'expired']).not.toContain(state.kind)
      if (isOld) expect(token.status).toBe('renewed')
      if (token.status === 'renewed') expect(isOld || /waiting|never/.test(state.kind)).toBe(true)
      if (state.kind === 'ending') expect(token).toMatchObject({ status: 'new', expiring: true })
      if (/in-use/.test(state.kind)) expect(token.inUse).toBe(true)
      if (/quiet/.test(state.kind)) expect(token.inUse).toBe(false)
      if (state.kind === 'quiet') expect(state.days).toBeGreaterThanOrEqual(inUseWithinDays)
    }),
  )
})

test('a token with a call since its successor’s first use is never one that can go', () => {
  fc.assert(
    fc.property(anyToken, (token) => {
      const { lastUsedAt, successor } = token
      if (stateOf(token).kind !== 'old-can-go') return
      expect(token.isRetirable).toBe(true)
      if (lastUsedAt) expect(lastUsedAt.getTime()).toBeLessThan(Number(successor?.adoptedAt))
    }),
  )
})

test('whoever looks is led to renew only what can be renewed, and to revoke only what nobody uses', () => {
  fc.assert(
    fc.property(anyToken, fc.constantFrom('merchant', 'partner'), (token, side) => {
      const step = nextStepOf(stateOf(token), side)
      if (step === 'renew') expect(token).toMatchObject({ status: 'new', storePackage: 'standard' })
      if (step === 'revoke') expect(token.isRetirable || token.lastUsedAt === null).toBe(true)
      if (step === 'show-token') expect([side, token.handoverStatus]).toEqual(['partner', 'waiting'])
    }),
  )
})

test.each([
  ['renew', 'merchant', { expiresAt: inDays(1) }],
  ['renew', 'partner', { expiresAt: inDays(1) }],
  ['revoke', 'merchant', adopted],
  ['revoke', 'partner', { handover: tooLate }],
  ['show-token', 'partner', { handover: waiting }],
  [null, 'merchant', { handover: waiting }],
  [null, 'merchant', { lastUsedAt: now }],
  [null, 'partner', { ...adopted, lastUsedAt: now }],
] as const)('the next step is %s on the side of the %s: %j', (step, side, facts) => {
  expect(nextStepOf(stateOf(tokenOf(facts)), side)).toBe(step)
})
