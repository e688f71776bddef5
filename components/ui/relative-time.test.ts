import { expect, test } from 'vitest'
import { relativeTime } from './relative-time.ts'

const now = new Date('2026-11-23T12:00:00Z')

test.each([
  ['2026-11-23T11:59:30Z', 'just now'],
  ['2026-11-23T12:00:20Z', 'in less than a minute'],
  ['2026-11-23T11:56:00Z', '4 minutes ago'],
  ['2026-11-23T11:00:00Z', '1 hour ago'],
  ['2026-11-22T13:00:00Z', '23 hours ago'],
  ['2026-11-22T01:00:00Z', '35 hours ago'],
  ['2026-11-21T23:00:00Z', '2 days ago'],
  ['2026-12-05T09:00:00Z', 'in 12 days'],
  ['2027-01-17T12:00:00Z', 'in 2 months'],
  ['2027-11-23T11:00:00Z', 'in 1 year'],
  ['2031-10-24T12:00:00Z', 'in 5 years'],
])('%s is %s', (date, text) => {
  expect(relativeTime(new Date(date), now)).toBe(text)
})

test.each([
  ['UTC', '2026-11-22T13:00:00Z', 'yesterday'],
  ['UTC', '2026-11-22T01:00:00Z', 'yesterday'],
  // 35 hours ago it was the day before in New York.
  ['America/New_York', '2026-11-22T01:00:00Z', '2 days ago'],
  ['UTC', '2026-11-24T18:00:00Z', 'tomorrow'],
  ['Asia/Tokyo', '2026-11-24T18:00:00Z', 'in 2 days'],
  ['UTC', '2026-11-23T11:00:00Z', '1 hour ago'],
])('by the calendar of %s %s is %s', (timeZone, date, text) => {
  expect(relativeTime(new Date(date), now, timeZone)).toBe(text)
})
