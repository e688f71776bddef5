import { expect, test } from 'vitest'
import { inDays, now, tokenOf } from '#lib/tokens/model/test-token.ts'
import { timeLineOf } from './time-line.ts'

const life = (id: string, from: number, until: number, facts: Parameters<typeof tokenOf>[0] = {}) =>
  tokenOf({ id, createdAt: inDays(from), expiresAt: inDays(until), ...facts })

test('lives stand on one scale, from the first issue to the last end, with a margin', () => {
  const line = timeLineOf([life('new', 0, 98), life('old', -98, 49)])
  expect(line).toMatchObject({
    today: 49,
    bars: [
      { id: 'new', from: 49, until: 98, passedUntil: 49, isCut: false },
      { id: 'old', from: 0, until: 73.5, passedUntil: 49 },
    ],
  })
})

test('where all has ended the scale goes on until today', () => {
  const line = timeLineOf([life('old', -98, -49), life('cut', -98, 400, { revokedAt: inDays(-49) })])
  expect(line?.today).toBe(98)
  expect(line?.bars).toMatchObject([
    { until: 49, passedUntil: 49, isCut: false },
    { until: 49, passedUntil: 49, isCut: true },
  ])
})

test('a renewal is tied to what it renewed, through the rows between', () => {
  const lives = [
    life('third', -10, 90, { predecessorId: 'first' }),
    life('second', -20, 80, { predecessorId: 'elsewhere' }),
    life('first', -98, 70),
  ]
  const at = timeLineOf(lives)?.bars[0]?.from
  expect(timeLineOf(lives)?.bars.map(({ ties }) => ties)).toEqual([
    [{ at, part: 'begins' }],
    [{ at, part: 'passes' }],
    [{ at, part: 'ends' }],
  ])
})

test.each([
  [0, 20, ['Dec 2026']],
  [0, 170, ['Dec 2026', 'Jan 2027', 'Feb 2027', 'Mar 2027', 'Apr 2027', 'May 2027']],
  [0, 200, ['Jan 2027', 'Apr 2027']],
  [-400, 1_800, ['2026', '2027', '2028', '2029', '2030', '2031']],
])('from day %i to day %i beginnings are marked: %j', (from, until, texts) => {
  expect(timeLineOf([life('it', from, until)])?.marks.map(({ text }) => text)).toEqual(texts)
})

test('a token that lives within one month has no marks, and none has no time line', () => {
  expect(timeLineOf([life('it', 0, 1)])?.marks).toEqual([])
  expect(timeLineOf([life('it', 0, 0, { revokedAt: now })])?.bars[0]).toMatchObject({ from: 0, until: 0 })
  expect(timeLineOf([])).toBeNull()
})
