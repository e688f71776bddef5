import { expect, test } from 'vitest'
import { eachMinute } from './each-minute.ts'

const signal = new AbortController().signal

test('runs at once, then half a second into each minute of the database', async () => {
  let now = 0
  let runs = 0
  // By the database's clock it is 18 seconds past.
  const look = eachMinute(
    async () => {
      runs++
      return { nextInMs: 60_000 - ((now + 18_000) % 60_000) }
    },
    () => now,
  )
  const ranAt: number[] = []
  for (now = 0; now < 180_000; now += 500) {
    const before = runs
    await look(signal)
    if (runs > before) ranAt.push(now)
  }
  expect(ranAt).toEqual([0, 42_500, 102_500, 162_500])
})

test('a run that fails is tried again at the next look', async () => {
  let runs = 0
  const look = eachMinute(
    async () => {
      runs++
      throw new Error('no database')
    },
    () => 0,
  )
  await expect(look(signal)).rejects.toThrow('no database')
  await expect(look(signal)).rejects.toThrow('no database')
  expect(runs).toBe(2)
})
