import { expect, test } from 'vitest'
import { dayIn } from '../ui/days-apart.ts'
import { lastDayUntil } from './days.ts'

test.each([
  ['UTC', '2026-11-23T23:30:00Z', '2026-11-23'],
  ['Europe/Berlin', '2026-11-23T23:30:00Z', '2026-11-24'],
  ['America/New_York', '2026-11-23T02:30:00Z', '2026-11-22'],
])('in %s the moment %s lies in %s', (timeZone, at, day) => {
  expect(dayIn(timeZone, new Date(at))).toBe(day)
})

test.each([
  ['UTC', '2026-11-23T12:00:00Z', '2026-11-22'],
  ['UTC', '2026-11-23T23:59:59.999Z', '2026-11-23'],
  ['UTC', '2027-01-01T00:00:00Z', '2026-12-31'],
  ['Asia/Tokyo', '2026-11-23T16:00:00Z', '2026-11-23'],
])('in %s the last day that has ended by %s is %s', (timeZone, at, day) => {
  expect(lastDayUntil(timeZone, new Date(at))).toBe(day)
})
