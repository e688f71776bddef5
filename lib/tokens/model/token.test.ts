import { describe, expect, test } from 'vitest'
import { inDays, now, renewed, rowOf, tokenOf } from './test-token.ts'

test('a token has the facts of its row, and none of the columns that became something else', () => {
  const { predecessorLastCharacters, successorId, successorLastCharacters, successorAdoptedAt, ...rest } =
    rowOf()
  const { plannedAt, retireAt, plannedFrom, plannedBy, plannedByEmail, plannedByRole, ...kept } = rest
  expect(tokenOf()).toEqual({
    ...kept,
    ...{ state: { kind: 'not-used-yet' }, nextStep: { merchant: null, partner: null }, canBeRenewed: true },
    ...{ status: 'new', expiring: false, inUse: false, handoverStatus: 'none' },
    ...{ predecessor: null, successor: null, plan: null, isRetirable: false },
  })
})

test('what it is, it is at the database’s time of the row', () => {
  const expiresAt = inDays(20)
  expect(tokenOf({ expiresAt })).toMatchObject({ status: 'new', expiring: true })
  expect(tokenOf({ expiresAt, asOf: inDays(21) })).toMatchObject({ status: 'expired', expiring: false })
  expect(tokenOf({ lastUsedAt: inDays(-6) }).inUse).toBe(true)
  expect(tokenOf({ lastUsedAt: inDays(-6), asOf: inDays(2) }).inUse).toBe(false)
  const handover = { isKept: true, collectUntil: inDays(1), collectedAt: null } as const
  const nobody = { collectedFrom: null, collectedBy: null, collectedByEmail: null, collectedByRole: null }
  expect(tokenOf({ handover: { ...handover, ...nobody } }).handoverStatus).toBe('waiting')
})

test('it names the token that it renewed, where both the id and the characters are known', () => {
  const predecessor = { predecessorId: 'the-old-one', predecessorLastCharacters: 'Qq7-' }
  expect(tokenOf(predecessor).predecessor).toEqual({ id: 'the-old-one', lastCharacters: 'Qq7-' })
  expect(tokenOf({ ...predecessor, predecessorId: null }).predecessor).toBeNull()
  expect(tokenOf({ ...predecessor, predecessorLastCharacters: null }).predecessor).toBeNull()
})

test('it names the token that goes on, and is Renewed', () => {
  expect(tokenOf(renewed)).toMatchObject({
    status: 'renewed',
    successor: { id: 'the-new-one', lastCharacters: 'Zz9_', adoptedAt: null },
  })
  expect(tokenOf({ ...renewed, successorAdoptedAt: now }).successor?.adoptedAt).toEqual(now)
  for (const missing of ['successorId', 'successorLastCharacters']) {
    expect(tokenOf({ ...renewed, [missing]: null })).toMatchObject({ status: 'new', successor: null })
  }
})

describe('a plan', () => {
  const planned = {
    ...renewed,
    plannedAt: inDays(-1),
    retireAt: inDays(5),
    plannedFrom: 'partner',
    plannedBy: 'Integration desk',
    plannedByEmail: 'desk@parcelpilot.example',
    plannedByRole: 'administrator',
  } as const

  test('is shown with who planned it', () => {
    expect(tokenOf(planned).plan).toEqual({
      ...{ retireAt: inDays(5), plannedAt: inDays(-1), by: 'Integration desk' },
      ...{ byEmail: 'desk@parcelpilot.example', byRole: 'administrator', from: 'partner' },
    })
  })

  test.each([
    ['nothing was planned', { plannedAt: null }],
    ['the token has expired', { expiresAt: now }],
    ['the token was revoked', { revokedAt: now }],
    ['nothing goes on', { successorId: null }],
  ])('is none where %s', (_, facts) => {
    expect(tokenOf({ ...planned, ...facts }).plan).toBeNull()
  })
})

test.each([
  ['live, and the next one is in use', {}, true],
  ['expired', { expiresAt: now }, false],
  ['revoked', { revokedAt: now }, false],
  ['live, and the next one was never used', { successorAdoptedAt: null }, false],
  ['live, and there is no next one', { successorId: null }, false],
])('whether it can go: %s', (_, facts, isRetirable) => {
  expect(tokenOf({ ...renewed, successorAdoptedAt: now, ...facts }).isRetirable).toBe(isRetirable)
})

test('a token says its state and what each side is likeliest to do next', () => {
  const kept = { isKept: true, collectUntil: inDays(9), collectedAt: null, collectedFrom: null }
  const nobody = { collectedBy: null, collectedByEmail: null, collectedByRole: null }
  expect(tokenOf({ handover: { ...kept, ...nobody } })).toMatchObject({
    state: { kind: 'waiting' },
    nextStep: { merchant: null, partner: 'show-token' },
  })
  expect(tokenOf({ storePackage: 'starter' }).canBeRenewed).toBe(false)
  expect(tokenOf(renewed).canBeRenewed).toBe(false)
})
