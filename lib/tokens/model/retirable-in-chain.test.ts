import { expect, test } from 'vitest'
import { endedByFirstUse } from './ended-by-first-use.ts'
import { retirableInChain } from './retirable-in-chain.ts'
import { inDays, now, tokenOf } from './test-token.ts'

/** A token of which that one goes on, to be revoked with its first use. */
const before = (successorId: string, id: string, retireAt: Date | null = null) =>
  tokenOf({ id, successorId, successorLastCharacters: 'Zz9_', plannedAt: inDays(-1), retireAt })
const ids = (tokens: { id: string }[]) => tokens.map(({ id }) => id)

test('the first use of a token ends what waits for it, and what waits for that', () => {
  const older = [before('new', 'c'), before('c', 'b'), before('b', 'a')]
  expect(ids(endedByFirstUse({ id: 'new' }, older))).toEqual(['c', 'b', 'a'])
})

test.each([
  ['waits for another token', before('another', 'c')],
  ['is to go on a date', before('new', 'c', inDays(3))],
  ['has no plan', tokenOf({ id: 'c', successorId: 'new', successorLastCharacters: 'Zz9_' })],
])('it does not end one that %s, nor what waits for that', (_, stays) => {
  expect(endedByFirstUse({ id: 'new' }, [stays, before('c', 'b')])).toEqual([])
})

test('nothing is ended that nothing goes on for', () => {
  const alone = { ...before('new', 'c'), successor: null }
  expect(endedByFirstUse({ id: 'new' }, [alone])).toEqual([])
})

test('of the chain of a live token those can go whose next one is in use, itself too', () => {
  const goes = { successorId: 'next', successorLastCharacters: 'Zz9_', successorAdoptedAt: inDays(-1) }
  const [a, b, stays] = [tokenOf({ id: 'a', ...goes }), tokenOf({ id: 'b', ...goes }), tokenOf({ id: 'c' })]
  expect(ids(retirableInChain(a, [stays, b]))).toEqual(['a', 'b'])
  expect(ids(retirableInChain(stays, [b, a]))).toEqual(['b', 'a'])
  const ended = tokenOf({ id: 'ended', expiresAt: now })
  expect(retirableInChain(ended, [a, b])).toEqual([])
})
