import { expect, test } from 'vitest'
import { tokenOf } from '#lib/tokens/model/test-token.ts'
import { groupText, intoGroups } from './groups.ts'

const token = (id: string, of: { partnerId?: string; storeId?: string; predecessorId?: string } = {}) => ({
  ...tokenOf({}),
  ...{ partnerId: 'ypa-1', storeId: 'store-1', predecessorId: null, id, ...of },
})
const idsOf = (groups: ReturnType<typeof intoGroups>) =>
  groups.map(({ tokens }) => tokens.map(({ id }) => id))

test('a merchant’s tokens stand together by partner, a partner’s by store', () => {
  const tokens = [
    token('a'),
    token('b', { storeId: 'store-2' }),
    token('c', { storeId: 'store-2', partnerId: 'ypa-2' }),
  ]
  expect(idsOf(intoGroups('merchant', tokens))).toEqual([['a', 'b'], ['c']])
  expect(idsOf(intoGroups('partner', tokens))).toEqual([['a'], ['b', 'c']])
})

test('the order stays: what does not stand next to each other is not moved', () => {
  const tokens = [token('a'), token('b', { partnerId: 'ypa-2' }), token('c')]
  expect(idsOf(intoGroups('merchant', tokens))).toEqual([['a'], ['b'], ['c']])
})

test('a heading says how many, and of two that one replaces the other', () => {
  const textOf = (...tokens: ReturnType<typeof token>[]) => intoGroups('merchant', tokens).map(groupText)
  expect(textOf(token('a'), token('b', { predecessorId: 'a' }))).toEqual(['2 tokens, one replaces the other'])
  expect(textOf(token('a'), token('b'))).toEqual(['2 tokens'])
  expect(textOf(token('a'), token('b', { predecessorId: 'gone' }))).toEqual(['2 tokens'])
  expect(textOf(token('a'), token('b', { predecessorId: 'a' }), token('c'))).toEqual(['3 tokens'])
})
