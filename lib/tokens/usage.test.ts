import { expect, test, vi } from 'vitest'
import { createUsageRecorder, type RecordedCall, type Use } from './usage.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds))

const call = (tokenId: string, moment: Date): RecordedCall => ({
  tokenId,
  api: 'order',
  cause: null,
  address: null,
  client: null,
  at: moment,
})

/** Writes into a list; fails as often as told first. */
function database({ failures = 0 } = {}) {
  const written: Use[][] = []
  const write = vi.fn(async (uses: Use[]) => {
    if (failures-- > 0) throw new Error('out of reach')
    written.push(uses)
  })
  return { write, written }
}

test('many uses of a token are one row, with the latest moment', async () => {
  const { write, written } = database()
  const usage = createUsageRecorder({ write })
  usage.record(call('a', at(2)))
  usage.record(call('a', at(3)))
  usage.record(call('a', at(1)))
  usage.record(call('b', at(1)))
  await usage.flush()
  expect(written).toEqual([
    [
      { tokenId: 'a', lastUsedAt: at(3) },
      { tokenId: 'b', lastUsedAt: at(1) },
    ],
  ])
})

test('what could not be written is kept, and written the next time', async () => {
  const { write, written } = database({ failures: 1 })
  const onError = vi.fn()
  const usage = createUsageRecorder({ write, onError })
  usage.record(call('a', at(1)))
  await usage.flush()
  expect(onError).toHaveBeenCalledOnce()
  expect(written).toEqual([])
  usage.record(call('a', at(2)))
  expect(await usage.close()).toBe(0)
  expect(written).toEqual([[{ tokenId: 'a', lastUsedAt: at(2) }]])
})

test('a flush writes what was noted while another one was under way', async () => {
  let go = () => {}
  const { write, written } = database()
  write.mockImplementationOnce(() => new Promise<void>((resolve) => (go = resolve)))
  const usage = createUsageRecorder({ write })
  usage.record(call('a', at(1)))
  usage.flush()
  usage.record(call('b', at(1)))
  const second = usage.flush()
  go()
  await second
  expect(written.flat().map(({ tokenId }) => tokenId)).toEqual(['b'])
})

test('a failure does not put an older moment in the place of a newer one', async () => {
  let fail = () => {}
  const { write, written } = database()
  write.mockImplementationOnce(() => new Promise((_, reject) => (fail = () => reject(new Error('late')))))
  const usage = createUsageRecorder({ write })
  usage.record(call('a', at(1)))
  const flush = usage.flush()
  usage.record(call('a', at(5)))
  fail()
  await flush
  await usage.close()
  expect(written).toEqual([[{ tokenId: 'a', lastUsedAt: at(5) }]])
})

test('memory is bounded: further tokens are left out, known ones go on', async () => {
  const { write, written } = database()
  const usage = createUsageRecorder({ write, maxTokens: 2 })
  usage.record(call('a', at(1)))
  usage.record(call('b', at(1)))
  usage.record(call('c', at(1)))
  usage.record(call('a', at(2)))
  await usage.flush()
  expect(written.flat().map(({ tokenId }) => tokenId)).toEqual(['a', 'b'])
  expect(written.flat()[0]?.lastUsedAt).toEqual(at(2))
})

test('a great many are written in batches, and a failure keeps only those that are not', async () => {
  const { write, written } = database()
  write
    .mockImplementationOnce(async (uses) => void written.push(uses))
    .mockRejectedValueOnce(new Error('gone'))
  const usage = createUsageRecorder({ write, maxBatch: 2 })
  for (const tokenId of ['a', 'b', 'c', 'd', 'e']) usage.record(call(tokenId, at(1)))
  await usage.flush()
  await usage.flush()
  expect(written.map((batch) => batch.map(({ tokenId }) => tokenId))).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

test('uses are written by themselves after a moment', async () => {
  vi.useFakeTimers()
  try {
    const { write } = database()
    const usage = createUsageRecorder({ write, flushEveryMs: 1_000 })
    usage.record(call('a', at(1)))
    await vi.advanceTimersByTimeAsync(999)
    expect(write).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(write).toHaveBeenCalledOnce()
  } finally {
    vi.useRealTimers()
  }
})

test('closing says how many could not be written', async () => {
  const { write } = database({ failures: 10 })
  const usage = createUsageRecorder({ write })
  usage.record(call('a', at(1)))
  expect(await usage.close()).toBe(1)
})
