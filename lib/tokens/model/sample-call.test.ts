import { expect, test } from 'vitest'
import { storeApiAddress, testCall } from './sample-call.ts'

test.each([
  ['https://{store}.{api}.store.example.com', 'order', 'https://yhst-1.order.store.example.com/V1/order'],
  ['https://api.example.com/', 'catalog', 'https://api.example.com/V1/CatalogQuery'],
  ['http://127.0.0.1:3001', 'payment', 'http://127.0.0.1:3001/V1/order/transactionlist'],
] as const)('the address %s of the %s API is %s', (template, api, address) => {
  expect(storeApiAddress(template, { storeId: 'yhst-1', api })).toBe(address)
})

test('whatever stands in the address, it stays one argument of the shell', () => {
  const call = testCall({ address: "http://a/'; rm -rf ~; '", api: 'order', storeId: 's', text: '1.0_t' })
  expect(call.split("'")).toHaveLength(7)
})
