import { expect, test } from 'vitest'
import { counted, countedTo, inBrief, inWords } from './numbers.ts'

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

test('small numbers are words within a sentence', () => {
  expect([inWords(1, 'day'), inWords(5, 'year'), inWords(10, 'minute'), inWords(30, 'day')]).toEqual([
    'one day',
    'five years',
    'ten minutes',
    '30 days',
  ])
})

test('what has seven digits is said in brief where there is little room', () => {
  expect([0, 12_480, 999_999, 1_000_000, 43_972_499].map(inBrief)).toEqual([
    '0',
    '12,480',
    '999,999',
    '1M',
    '44M',
  ])
})
