import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { repeat } from './repeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first run comes within the interval, the next ones a fifth before or after it', async () => {
  const moments: number[] = []
  const start = Date.now()
  const repetition = repeat(async () => moments.push(Date.now() - start), {
    everyMs: 1_000,
    onError: vi.fn(),
  })
  await vi.advanceTimersByTimeAsync(60_000)
  await repetition.stop()
  expect(moments[0]).toBeLessThanOrEqual(1_000)
  const gaps = moments.slice(1).map((moment, n) => moment - (moments[n] ?? 0))
  expect(gaps.length).toBeGreaterThan(40)
  for (const gap of gaps) {
    expect(gap).toBeGreaterThanOrEqual(800)
    expect(gap).toBeLessThanOrEqual(1_200)
  }
  expect(new Set(gaps).size).toBeGreaterThan(5)
})

test('a run that fails is reported and followed by the next one', async () => {
  const onError = vi.fn()
  const work = vi.fn(async () => Promise.reject(new Error('no')))
  const repetition = repeat(work, { everyMs: 1_000, onError })
  await vi.advanceTimersByTimeAsync(10_000)
  await repetition.stop()
  expect(onError.mock.calls.length).toBe(work.mock.calls.length)
  expect(work.mock.calls.length).toBeGreaterThan(5)
})

test('a stop tells the run under way, waits for it and is followed by none', async () => {
  let end = () => {}
  const work = vi.fn((_: AbortSignal) => new Promise<void>((resolve) => (end = resolve)))
  const repetition = repeat(work, { everyMs: 1_000, onError: vi.fn() })
  await vi.advanceTimersByTimeAsync(1_000)
  const stopped = vi.fn()
  const stop = repetition.stop().then(stopped)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(stopped).not.toHaveBeenCalled()
  expect(work.mock.calls[0]?.[0].aborted).toBe(true)
  end()
  await stop
  await vi.advanceTimersByTimeAsync(60_000)
  expect(work).toHaveBeenCalledOnce()
})
