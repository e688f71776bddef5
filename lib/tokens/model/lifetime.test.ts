import { expect, test } from 'vitest'
import { addYears, expiryBounds, refusalOfExpiry } from './lifetime.ts'

const now = new Date('2026-11-23T12:00:00Z')

test.each([
  ['2026-11-24T11:59:59.999Z', 'too-soon'],
  ['2026-11-24T12:00:00.000Z', null],
  ['2031-11-23T12:00:00.000Z', null],
  ['2031-11-23T12:00:00.001Z', 'too-late'],
  ['not a date', 'too-soon'],
])('a renewal until %s is refused as %s', (expiresAt, refusal) => {
  expect(refusalOfExpiry(new Date(expiresAt), now)).toBe(refusal)
})

test('a year after 29 February is 1 March', () => {
  expect(addYears(new Date('2028-02-29T08:00:00Z'), 1)).toEqual(new Date('2029-03-01T08:00:00Z'))
})

test('a token may live for a day, is proposed a year, and lives for five years at most', () => {
  expect(expiryBounds(now)).toEqual({
    earliest: new Date('2026-11-24T12:00:00Z'),
    usual: new Date('2027-11-23T12:00:00Z'),
    latest: new Date('2031-11-23T12:00:00Z'),
  })
})
