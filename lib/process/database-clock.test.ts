import { expect, test } from 'vitest'
import { createDatabaseClock } from './database-clock.ts'

test('the time is what the database said, and what has passed since, whatever the clock of this machine says', () => {
  let passed = 1_000
  const clock = createDatabaseClock(() => passed)
  clock.hear(new Date('2030-01-01T00:00:00Z'))
  passed += 1_500
  expect(new Date(clock.now())).toEqual(new Date('2030-01-01T00:00:01.500Z'))
  clock.hear(new Date('2029-01-01T00:00:00Z'))
  expect(new Date(clock.now())).toEqual(new Date('2029-01-01T00:00:00Z'))
})

test('before the database has said anything it is that of this machine', () => {
  const before = Date.now()
  const now = createDatabaseClock().now()
  expect(now).toBeGreaterThanOrEqual(before - 1)
  expect(now).toBeLessThanOrEqual(Date.now() + 1)
})
