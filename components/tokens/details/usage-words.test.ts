import { expect, test } from 'vitest'
import { fillDays } from '#lib/tokens/review/usage-days.ts'
import { countsText, dayWords, isMuchRefused, refusedText, weekMarks } from './usage-words.ts'

test.each([
  [12_447, 33, '33 refused, 0.3 %'],
  [0, 14, 'all 14 refused'],
  [0, 1, '1 refused'],
  [5, 0, null],
  [1_000_000, 1, '1 refused, less than 0.1 %'],
  [1, 1_000_000, '1,000,000 refused, more than 99.9 %'],
  [1, 1, '1 refused, 50 %'],
])('of %i accepted and %i refused calls one reads: %s', (calls, refusals, text) => {
  expect(refusedText({ calls, refusals })).toBe(text)
})

test.each([
  [95, 5, false],
  [94, 6, true],
  [0, 1, true],
  [7, 0, false],
  [0, 0, false],
])('with %i accepted and %i refused calls it is %s that somebody should look', (calls, refusals, isMuch) => {
  expect(isMuchRefused({ calls, refusals })).toBe(isMuch)
})

test('a day is said with its weekday and its calls', () => {
  expect(dayWords({ day: '2026-11-23', calls: 1_000_000, refusals: 0 })).toBe(
    'Mon 23 Nov 2026: 1,000,000 accepted',
  )
  expect(dayWords({ day: '2026-11-29', calls: 0, refusals: 0 })).toBe('Sun 29 Nov 2026: no calls')
  expect(countsText({ calls: 0, refusals: 2 })).toBe('all 2 refused')
})

test('weeks are marked at their Mondays', () => {
  expect(weekMarks(fillDays('2026-11-29', []))).toEqual([
    { place: 2, text: '2 Nov' },
    { place: 9, text: '9 Nov' },
    { place: 16, text: '16 Nov' },
    { place: 23, text: '23 Nov' },
  ])
})
