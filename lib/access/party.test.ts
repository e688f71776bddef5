import { expect, test } from 'vitest'
import { columnsOf, idOf, partyOf } from './party.ts'

const store = { side: 'merchant', storeId: 'harbor-lights' } as const
const partner = { side: 'partner', partnerId: 'ypa-005259400001' } as const

test('a row that names a store or a partner is of it', () => {
  expect(partyOf({ storeId: store.storeId, partnerId: null })).toEqual(store)
  expect(partyOf({ storeId: null, partnerId: partner.partnerId })).toEqual(partner)
})

test('a row that names neither is nobody’s', () => {
  expect(() => partyOf({ storeId: null, partnerId: null })).toThrow('neither a store nor a partner')
})

test('only its own column is written, nothing else of whoever works for it', () => {
  const person = { userId: 'somebody', role: 'owner' }
  expect(columnsOf({ ...store, ...person })).toEqual({ storeId: store.storeId })
  expect(columnsOf({ ...partner, ...person })).toEqual({ partnerId: partner.partnerId })
})

test('it has one id', () => {
  expect(idOf(store)).toBe(store.storeId)
  expect(idOf(partner)).toBe(partner.partnerId)
})
