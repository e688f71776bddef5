import { expect, test } from 'vitest'
import { parseStoreHost } from './store-host.ts'

test.each([
  ['yhst-14093000001001.order.store.example', 'yhst-14093000001001', 'order'],
  ['harbor-lights.catalog.store.example:3001', 'harbor-lights', 'catalog'],
  ['Harbor-Lights.PAYMENT.Store.Example', 'harbor-lights', 'payment'],
  ['a.order.localhost', 'a', 'order'],
])('%s stands for a store and an API', (host, storeId, api) => {
  expect(parseStoreHost(host)).toEqual({ storeId, api })
})

test.each([
  ...[undefined, '', '127.0.0.1:3001', '[::1]:3001', 'localhost', 'store.example', 'a.other.store.example'],
  ...[
    '.order.store.example',
    'order.store.example',
    'a.b.order.store.example',
    `${'a'.repeat(51)}.order.x`,
    'a.order.',
  ],
])('%s stands for no store', (host) => {
  expect(parseStoreHost(host)).toBeUndefined()
})
