import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { log } from '#lib/process/log.ts'
import { streamOf } from './stream-response.ts'

const leave = vi.fn()
const mayStill = vi.fn(async () => true)

beforeEach(() => {
  log.level = 'silent'
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  leave.mockClear()
  mayStill.mockReset().mockResolvedValue(true)
})
afterEach(() => {
  vi.useRealTimers()
})

let read: number
async function* texts(count: number) {
  for (read = 0; read < count; ) {
    read += 1
    yield `${read}`
  }
}
const readerOf = (count: number) => streamOf(texts(count), { leave, mayStill }).getReader()
const decoded = ({ value }: { value?: Uint8Array | undefined }) => value && new TextDecoder().decode(value)

test('a text is read when the one before was taken, and not before', async () => {
  const reader = readerOf(3)
  read = 0
  expect([decoded(await reader.read()), read]).toEqual(['1', 1])
  expect([decoded(await reader.read()), read]).toEqual(['2', 2])
})

test('the place is given back once: at the end, when the client goes, or when reading fails', async () => {
  const whole = readerOf(1)
  await whole.read()
  expect(await whole.read()).toEqual({ done: true, value: undefined })
  expect(leave).toHaveBeenCalledTimes(1)
  const gone = readerOf(3)
  await gone.read()
  await gone.cancel()
  expect(leave).toHaveBeenCalledTimes(2)
  async function* failing(): AsyncGenerator<string> {
    yield 'first'
    throw new Error('no database')
  }
  const failed = streamOf(failing(), { leave, mayStill }).getReader()
  await failed.read()
  await expect(failed.read()).rejects.toThrow('no database')
  expect(leave).toHaveBeenCalledTimes(3)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(leave).toHaveBeenCalledTimes(3)
})

test('who takes nothing for two minutes is broken off, and it is not the end', async () => {
  const reader = readerOf(3)
  await reader.read()
  await vi.advanceTimersByTimeAsync(119_000)
  expect(leave).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(leave).toHaveBeenCalledTimes(1)
  await expect(reader.read()).rejects.toThrow('nobody took anything of it')
})

test('whose credential is revoked meanwhile gets no further batch', async () => {
  const reader = readerOf(9)
  await reader.read()
  mayStill.mockResolvedValue(false)
  // Asked again after five seconds.
  await reader.read()
  await vi.advanceTimersByTimeAsync(6_000)
  await expect(reader.read()).rejects.toThrow('may not see it any more')
  expect([leave.mock.calls.length, read]).toEqual([1, 2])
})
