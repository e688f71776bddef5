import { expect, test } from 'vitest'
import { fillDays } from './usage-days.ts'

test('the days end with today, over the ends of months and of February', () => {
  const days = fillDays('2028-03-01', []).map(({ day }) => day)
  expect(days).toHaveLength(30)
  expect([days[0], ...days.slice(-3)]).toEqual(['2028-02-01', '2028-02-28', '2028-02-29', '2028-03-01'])
})

test('parts of a day are added up; other days have zeros, days outside of the window nothing', () => {
  const days = fillDays('2026-11-23', [
    { day: '2026-11-22', calls: 3, refusals: 1 },
    { day: '2026-11-22', calls: 4, refusals: 0 },
    { day: '2026-11-24', calls: 9, refusals: 9 },
    { day: '2026-10-24', calls: 9, refusals: 9 },
  ])
  expect(days.slice(-2)).toEqual([
    { day: '2026-11-22', calls: 7, refusals: 1 },
    { day: '2026-11-23', calls: 0, refusals: 0 },
  ])
  expect(days.reduce((sum, { calls }) => sum + calls, 0)).toBe(7)
})
