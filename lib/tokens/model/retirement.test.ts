import { expect, test } from 'vitest'
import { refusalOfRetirement } from './retirement.ts'
import { inDays, now } from './test-token.ts'

const times = { now, successorEnd: inDays(30) }
const after = (ms: number) => new Date(now.getTime() + ms)

test.each([
  [now, 'retirement-too-soon'],
  [after(1), null],
  [new Date(inDays(30).getTime() - 1), null],
  [inDays(30), 'retirement-too-late'],
  [new Date('not a date'), 'retirement-too-soon'],
])('a token that is to be revoked at %s is refused as %s', (retireAt, refusal) => {
  expect(refusalOfRetirement({ when: 'on-date', retireAt }, times)).toBe(refusal)
})

test.each(['never', 'adopted'] as const)('what needs no date is not refused: %s', (when) => {
  expect(refusalOfRetirement({ when }, times)).toBeNull()
})
