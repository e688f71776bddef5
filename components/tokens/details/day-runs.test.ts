import { expect, test } from 'vitest'
import { dayRuns } from './day-runs.ts'

test('days without a gap stand together, across the end of a month too, the latest first', () => {
  const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-03', '2026-11-28', '2026-11-29']
  expect(dayRuns(days)).toEqual([
    { from: '2026-11-28', until: '2026-11-29' },
    { from: '2026-11-03', until: '2026-11-03' },
    { from: '2026-10-30', until: '2026-11-01' },
  ])
  expect(dayRuns([])).toEqual([])
})
