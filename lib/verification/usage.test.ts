import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { NumberedBatch } from '#db/queries/verification/usage-batches.ts'
import type { RecordedCall } from './recorded-call.ts'
import { createUsageRecorder } from './usage.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds))

const call = (tokenId: string, moment = at(1)): RecordedCall => ({
  tokenId,
  api: 'order',
  cause: null,
  address: null,
  client: null,
  at: moment,
})

/** Writes into a list; fails as often as asked first. */
function database({ failures = 0, failure = new Error('out of reach') } = {}) {
  const written: NumberedBatch[] = []
  const write = vi.fn(async (batch: NumberedBatch) => {
    if (failures-- > 0) throw failure
    written.push(batch)
  })
  return { write, written, ids: () => written.map(({ tokenIds }) => tokenIds) }
}

test('what could not be written is sent again as it was, before what came later', async () => {
  const { write, written } = database({ failures: 1 })
  const onError = vi.fn()
  const usage = createUsageRecorder({ write, onError })
  usage.record(call('a', at(1)))
  await usage.flush()
  expect(onError).toHaveBeenCalledOnce()
  usage.record(call('a', at(2)))
  expect(await usage.close()).toBe(0)
  const [first] = write.mock.calls[0] ?? []
  expect(written[0]).toEqual(first)
  expect(written.map(({ number, uses }) => [number, uses[0]?.at])).toEqual([
    [1, at(1)],
    [2, at(2)],
  ])
  expect(new Set(written.map(({ writerId }) => writerId)).size).toBe(1)
})

test('a flush writes what was noted while another one was under way', async () => {
  let go = () => {}
  const { write, ids } = database()
  write.mockImplementationOnce(() => new Promise<void>((resolve) => (go = resolve)))
  const usage = createUsageRecorder({ write })
  usage.record(call('a'))
  usage.flush()
  usage.record(call('b'))
  const second = usage.flush()
  go()
  await second
  expect(ids()).toEqual([['b']])
})

test('a great many are written in batches, and after a failure the rest waits', async () => {
  const { write, ids } = database()
  const usage = createUsageRecorder({ write, maxBatch: 2 })
  for (const tokenId of ['a', 'b', 'c', 'd', 'e']) usage.record(call(tokenId))
  write.mockImplementationOnce(write.getMockImplementation() ?? (async () => {}))
  write.mockRejectedValueOnce(new Error('gone'))
  await usage.flush()
  expect(ids()).toEqual([['a', 'b']])
  await usage.flush()
  expect(ids()).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

test('calls that come during a flush wait for the next one, so that a flush has an end', async () => {
  const { write, ids } = database()
  const usage = createUsageRecorder({ write, maxBatch: 1 })
  usage.record(call('a'))
  write.mockImplementation(async () => usage.record(call('a')))
  await usage.flush()
  expect(write).toHaveBeenCalledOnce()
  expect(ids()).toEqual([])
})

const failedQuery = (code: string) =>
  new Error('failed query', { cause: Object.assign(new Error('of PostgreSQL'), { code }) })

test.each(['22P02', '23505', '54000', '42501', 'XX000'])(
  'a batch that the database will never take (%s) is dropped, counted and logged, and the rest is written',
  async (code) => {
    const { write, ids } = database({ failures: 1, failure: failedQuery(code) })
    const onError = vi.fn()
    const onDropped = vi.fn()
    const usage = createUsageRecorder({ write, maxBatch: 1, onError, onDropped })
    for (const tokenId of ['a', 'a', 'b']) usage.record(call(tokenId))
    expect(await usage.close()).toBe(0)
    expect(ids()).toEqual([['b']])
    expect(onError).toHaveBeenCalledOnce()
    expect(onDropped.mock.calls).toEqual([[2]])
  },
)

test.each([
  '40001',
  '40P01',
  '57014',
  '57P01',
  '53100',
  '53300',
  '55P03',
  '08006',
  '25006',
  'ECONNREFUSED',
  'EPIPE',
  'EPERM',
])('a batch that the database may take the next time (%s) is kept', async (code) => {
  const { write, ids } = database({ failures: 1, failure: failedQuery(code) })
  const onDropped = vi.fn()
  const usage = createUsageRecorder({ write, onDropped })
  usage.record(call('a'))
  await usage.flush()
  expect(usage.unwritten()).toBe(1)
  expect(await usage.close()).toBe(0)
  expect(ids()).toEqual([['a']])
  expect(onDropped).not.toHaveBeenCalled()
})

test('calls without room in memory are counted as dropped, and reported once for a flush', async () => {
  const { write, ids } = database()
  const onDropped = vi.fn()
  const usage = createUsageRecorder({ write, maxNotes: 2, onDropped })
  // The first is being written by then, and its room is free again.
  for (const tokenId of ['a', 'b', 'c', 'c', 'b']) usage.record(call(tokenId))
  await usage.flush()
  await usage.flush()
  expect(ids()).toEqual([['a'], ['b']])
  expect(onDropped.mock.calls).toEqual([[2]])
})

test('closing says of how many tokens the usage could not be written', async () => {
  const { write } = database({ failures: 10 })
  const usage = createUsageRecorder({ write, maxBatch: 2 })
  for (const tokenId of ['a', 'b', 'c']) usage.record(call(tokenId))
  expect(await usage.close()).toBe(3)
})

describe('by themselves', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** A database that takes `durationMs` for a batch. */
  const slow = (durationMs: number) =>
    vi.fn((_: NumberedBatch) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)))

  test('calls are written a second after the first of them', async () => {
    const { write } = database()
    const usage = createUsageRecorder({ write })
    usage.record(call('a'))
    await vi.advanceTimersByTimeAsync(600)
    usage.record(call('a'))
    await vi.advanceTimersByTimeAsync(399)
    expect(write).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(write).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(write).toHaveBeenCalledOnce()
  })

  test.each([
    [20, 1_000],
    [300, 2_700],
    [900, 8_100],
    [3_000, 15_000],
  ])('after a write of %i ms the next one waits %i ms', async (durationMs, waitMs) => {
    const write = slow(durationMs)
    const usage = createUsageRecorder({ write })
    usage.record(call('a'))
    await vi.advanceTimersByTimeAsync(1_000)
    usage.record(call('b'))
    await vi.advanceTimersByTimeAsync(durationMs + waitMs - 1)
    expect(write).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(write).toHaveBeenCalledTimes(2)
  })

  test('a third of the room is not waited for, unless the database would not take the last batch', async () => {
    const { write, ids } = database()
    const usage = createUsageRecorder({ write, maxNotes: 12 })
    usage.record(call('a'))
    expect(write).not.toHaveBeenCalled()
    usage.record(call('b'))
    expect(write).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(0)
    expect(ids()).toEqual([['a', 'b']])
    write.mockRejectedValueOnce(new Error('gone'))
    for (const tokenId of ['c', 'd']) usage.record(call(tokenId))
    await vi.advanceTimersByTimeAsync(0)
    for (const tokenId of ['e', 'f']) usage.record(call(tokenId))
    expect(write).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ids()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ])
  })

  test('what failed is tried again without a further call', async () => {
    const { write, ids } = database({ failures: 2 })
    const usage = createUsageRecorder({ write })
    usage.record(call('a'))
    await vi.advanceTimersByTimeAsync(3_000)
    expect(write).toHaveBeenCalledTimes(3)
    expect(ids()).toEqual([['a']])
  })
})

test('tokens are unwritten until the database has them, those of a failed batch included', async () => {
  const { write } = database({ failures: 1 })
  const usage = createUsageRecorder({ write })
  usage.record(call('a'))
  usage.record(call('b'))
  expect(usage.unwritten()).toBe(2)
  await usage.flush()
  expect(usage.unwritten()).toBe(2)
  await usage.close()
  expect(usage.unwritten()).toBe(0)
})
