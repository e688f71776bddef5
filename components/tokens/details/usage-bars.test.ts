import { expect, test } from 'vitest'
import { addUp, barStep, barWidth, dayText, sumOf, usageBars } from './usage-bars.ts'

const day = (calls: number, refusals = 0, n = 1) => ({
  day: `2026-11-${String(n).padStart(2, '0')}`,
  calls,
  refusals,
})
const lengths = (path: string) => [...path.matchAll(/v-([\d.]+)/g)].map(([, length]) => Number(length))

test('the day with the most calls is as high as the picture, the others in proportion', () => {
  expect(lengths(usageBars([day(10), day(5), day(20)], 18).calls)).toEqual([9, 4.5, 18])
})

test('a day without a call has no bar, and a token without one has no bars', () => {
  expect(lengths(usageBars([day(0), day(7), day(0)], 18).calls)).toEqual([18])
  expect(usageBars([day(0), day(0)], 18)).toMatchObject({ max: 0, calls: '', refusals: '' })
})

test('refused calls stand on top of the accepted ones', () => {
  const { calls, refusals } = usageBars([day(15, 5)], 20)
  expect(calls).toBe('M1 20v-15')
  expect(refusals).toBe('M1 5v-5')
})

test('one call among thousands, accepted or refused, is still to be seen inside the picture', () => {
  expect(lengths(usageBars([day(1), day(90_000)], 18).calls)).toEqual([1.5, 18])
  const { calls, refusals } = usageBars([day(90_000, 1)], 18)
  expect([lengths(calls), lengths(refusals)]).toEqual([[16.5], [1.5]])
})

test('bars stand side by side in the order of the days', () => {
  const { width, calls } = usageBars([day(1), day(1), day(1)], 18)
  expect([...calls.matchAll(/M(\d+) /g)].map(([, x]) => Number(x))).toEqual([1, 1 + barStep, 1 + 2 * barStep])
  expect(width).toBe(2 * barStep + barWidth)
})

test('the sum knows the last day on which something came in', () => {
  expect(sumOf([day(3, 0, 1), day(4, 1, 2), day(0, 0, 3)])).toEqual({
    calls: 7,
    refusals: 1,
    lastDay: '2026-11-02',
  })
  expect(sumOf([day(0)])).toEqual({ calls: 0, refusals: 0, lastDay: null })
})

test('the days of several APIs add up', () => {
  const [one, other] = [
    [day(3, 0, 1), day(0, 1, 2)],
    [day(4, 2, 1), day(0, 0, 2)],
  ]
  expect(addUp([one, other])).toEqual([day(7, 2, 1), day(0, 1, 2)])
  expect(addUp([])).toEqual([])
})

test('a day is written out as the same day everywhere', () => {
  expect(dayText('2026-11-23')).toBe('23 Nov 2026')
})
