import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { shareAnswer } from './shared-answer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('who asks while a question is under way gets its answer, and nobody asks a second time', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const ask = vi.fn(() => promise)
  const shared = shareAnswer(ask, { forMs: 1_000 })
  const asked = [shared(), shared(), shared()]
  await vi.advanceTimersByTimeAsync(5_000)
  asked.push(shared())
  resolve('yes')
  expect(await Promise.all(asked)).toEqual(['yes', 'yes', 'yes', 'yes'])
  expect(ask).toHaveBeenCalledOnce()
})

test('an answer is given for so long and no longer', async () => {
  let count = 0
  const shared = shareAnswer(async () => ++count, { forMs: 1_000 })
  expect(await shared()).toBe(1)
  await vi.advanceTimersByTimeAsync(999)
  expect(await shared()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(await shared()).toBe(2)
})

test('a question that failed is asked again', async () => {
  const ask = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue('there')
  const shared = shareAnswer(ask, { forMs: 1_000 })
  await expect(shared()).rejects.toThrow('away')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await shared()).toBe('there')
})
