import { expect, test } from 'vitest'
import { parseStoreHost } from './store-host.ts'

test.each([
  ['yhst-14093000001001.order.store.example', 'yhst-14093000001001', 'order'],
  ['harbor-lights.catalog.store.example:3001', 'harbor-lights', 'catalog'],
  ['Harbor-Lights.PAYMENT.Store.Example', 'harbor-lights', 'payment'],
  ['a.order.localhost', 'a', 'order'],
  ['a.order.store.example.', 'a', 'order'],
  ['a.order.store.example:', 'a', 'order'],
  // No store can be called so: it is another one than any token's.
  ['a_b.order.store_x.example', 'a_b', 'order'],
  [`${'a'.repeat(51)}.order.x`, 'a'.repeat(51), 'order'],
  [`a.order.${'x'.repeat(220)}`, 'a', 'order'],
])('%s stands for a store and an API', (host, storeId, api) => {
  expect(parseStoreHost(host)).toEqual({ storeId, api })
})

test.each([
  ...[undefined, '', '127.0.0.1:3001', '[::1]:3001', 'localhost', 'store.example', 'a.other.store.example'],
  ...['.order.store.example', 'order.store.example', 'a.b.order.store.example', 'a.order.'],
])('%s stands for no store', (host) => {
  expect(parseStoreHost(host)).toBeUndefined()
})
