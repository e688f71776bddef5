import { expect, test } from 'vitest'
import { busiestDay, rowBars, rowBarsHeight } from './row-bars.ts'

const day = (calls: number, refusals = 0) => ({ day: '2026-11-23', calls, refusals })
const heights = (path: string) => [...path.matchAll(/v-(\d+)/g)].map(([, height]) => Number(height))

test('all rows of a page have one scale, on which a hundredth of the calls is a tenth as high', () => {
  const [busy, calm] = [[day(9_000, 1_000), day(0)], [day(100)]]
  const most = busiestDay([calm, busy])
  expect(most).toBe(10_000)
  expect(heights(rowBars(busy, most))).toEqual([rowBarsHeight])
  expect(heights(rowBars(calm, most))).toEqual([Math.round(rowBarsHeight / 10)])
})

test('one call beside thousands is still to be seen, and a day without calls has no bar', () => {
  expect(heights(rowBars([day(1), day(0), day(90_000)], 90_000))).toEqual([2, rowBarsHeight])
  expect(rowBars([day(0), day(0)], busiestDay([[day(0)]]))).toBe('')
})

test('each day has its place, also after days without calls', () => {
  expect(rowBars([day(0), day(0), day(4)], 4)).toBe(`M7 ${rowBarsHeight}v-${rowBarsHeight}`)
})
