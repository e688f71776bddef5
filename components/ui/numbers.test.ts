import { expect, test } from 'vitest'
import { counted, countedTo } from './numbers.ts'

test.each([
  [0, 'no addresses'],
  [1, '1 address'],
  [2, '2 addresses'],
  [12_480, '12,480 addresses'],
])('%s of them: %s', (count, text) => {
  expect(counted(count, 'address', 'addresses')).toBe(text)
})

test('what is counted to a hundred is shown so', () => {
  expect([0, 1, 99, 100].map((count) => countedTo(99, count))).toEqual([null, '1', '99', '99+'])
})
