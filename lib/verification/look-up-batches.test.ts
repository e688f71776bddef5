import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLookUpBatches, defaultLookUpLimits, LookUpError } from './look-up-batches.ts'

type Query = { keys: string[]; answer: (found?: [string, string][]) => void; fail: (error: Error) => void }

/** Batches over a database whose answers the test gives. */
function withQueries(limits: Partial<typeof defaultLookUpLimits> = {}) {
  const queries: Query[] = []
  const batches = createLookUpBatches<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        queries.push({
          keys,
          answer(found = []) {
            const values = new Map(found)
            resolve(keys.map((key) => values.get(key)))
          },
          fail: reject,
        })
      }),
    { ...defaultLookUpLimits, ...limits },
  )
  return { find: batches.find, waiting: batches.waiting, queries }
}

/** Time passes as a test says: a busy machine makes no look-up late. Turns of the event loop are real. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const turns = async () => {
  await turn()
  await turn()
}
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}

describe('batching', () => {
  test('look-ups of one turn share one query, one of them a key', async () => {
    const { find, queries } = withQueries()
    const found = Promise.all([find('a'), find('b'), find('a')])
    await turns()
    expect(queries.map(({ keys }) => keys)).toEqual([['a', 'b']])
    queries[0]?.answer([['a', 'A']])
    expect(await found).toEqual(['A', undefined, 'A'])
  })

  test('a look-up that comes after a query was sent is never answered by it', async () => {
    const { find, queries } = withQueries({ lateAfterMs: 1 })
    const before = find('a')
    await turns()
    const after = find('a')
    await pass(1)
    expect(queries).toHaveLength(2)
    queries[0]?.answer([['a', 'live']])
    queries[1]?.answer([['a', 'revoked']])
    expect(await before).toBe('live')
    expect(await after).toBe('revoked')
  })

  test('nothing is remembered between queries', async () => {
    const { find, queries } = withQueries()
    for (const [index, state] of ['live', 'revoked'].entries()) {
      const found = find('a')
      await turns()
      queries[index]?.answer([['a', state]])
      expect(await found).toBe(state)
    }
  })

  test('while a query is under way the others wait for it, and go together', async () => {
    const { find, queries } = withQueries({ lateAfterMs: 10_000 })
    const first = find('a')
    await turns()
    const rest = Promise.all([find('b'), find('c')])
    await turns()
    expect(queries.map(({ keys }) => keys)).toEqual([['a']])
    queries[0]?.answer()
    await first
    await turns()
    expect(queries.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']])
    queries[1]?.answer()
    await rest
  })

  test('a query that is late is not waited for, but no more than the limit are under way', async () => {
    vi.useFakeTimers()
    try {
      const { find, queries } = withQueries({ maxQueries: 3, lateAfterMs: 5, deadlineMs: 1_000 })
      const all = []
      for (const key of ['a', 'b', 'c', 'd']) {
        all.push(find(key))
        await vi.advanceTimersByTimeAsync(10)
      }
      expect(queries.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c']])
      queries[1]?.answer()
      await vi.advanceTimersByTimeAsync(10)
      expect(queries.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c'], ['d']])
      for (const query of queries) query.answer()
      await Promise.all(all)
    } finally {
      vi.useRealTimers()
    }
  })

  test('a late query that is answered at last no longer counts', async () => {
    const { find, queries } = withQueries({ lateAfterMs: 1 })
    const first = find('a')
    await turns()
    const second = find('b')
    await expect.poll(() => queries.length, { interval: 1 }).toBe(2)
    queries[0]?.answer()
    queries[1]?.answer()
    await Promise.all([first, second])
    const third = find('c')
    await turns()
    expect(queries[2]?.keys).toEqual(['c'])
    queries[2]?.answer()
    await third
  })

  test('a query has no more keys than its limit', async () => {
    const { find, queries } = withQueries({ maxQueries: 2, maxBatch: 2 })
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map(find))
    await turns()
    expect(queries.map(({ keys }) => keys)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    queries[0]?.answer()
    queries[1]?.answer()
    await turns()
    expect(queries[2]?.keys).toEqual(['e'])
    for (const query of queries) query.answer()
    await all
  })
})

describe('when the database does not answer', () => {
  const failureOf = (look: Promise<unknown>) =>
    look.then(
      () => 'answered',
      (error: unknown) => (error instanceof LookUpError ? error.failure : error),
    )

  test('a look-up under way and one that waits both end at their deadline', async () => {
    const { find, queries } = withQueries({ deadlineMs: 30, maxQueries: 1 })
    const ended: unknown[] = []
    const underWay = failureOf(find('a'))
    await turns()
    const waiting = failureOf(find('b'))
    for (const one of [underWay, waiting]) void one.then((failure) => ended.push(failure))
    await pass(29)
    expect(ended).toEqual([])
    await pass(2)
    expect(ended).toEqual(['timed-out', 'timed-out'])
    expect(queries).toHaveLength(1)
  })

  test('whoever asks is refused within the 250 ms that the gateway promises, however many wait', async () => {
    const { find, queries } = withQueries()
    const { deadlineMs, maxQueries } = defaultLookUpLimits
    const pending: Promise<void>[] = []
    const waits: number[] = []
    for (let n = 0; n < 10; n++) {
      const askedAt = performance.now()
      const wait = failureOf(find(`key ${n}`)).then((failure) => {
        expect(failure).toBe('timed-out')
        waits.push(performance.now() - askedAt)
      })
      pending.push(wait)
      await pass(30)
    }
    for (let ms = 0; ms < 250; ms += 10) await pass(10)
    await Promise.all(pending)
    expect(queries).toHaveLength(maxQueries)
    expect(waits).toHaveLength(10)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(deadlineMs)
    expect(Math.max(...waits)).toBeLessThanOrEqual(250)
  })

  test('an answer that comes too late is given to nobody, and what timed out is not asked for', async () => {
    const { find, queries } = withQueries({ deadlineMs: 20, maxQueries: 1 })
    const late = Promise.all([failureOf(find('a')), failureOf(find('b'))])
    await pass(30)
    expect(await late).toEqual(['timed-out', 'timed-out'])
    queries[0]?.answer([['a', 'A']])
    await turns()
    const next = find('c')
    await turns()
    expect(queries[1]?.keys).toEqual(['c'])
    queries[1]?.answer([['c', 'C']])
    expect(await next).toBe('C')
  })

  test('a query that fails fails all of its look-ups, with its cause, and no later one', async () => {
    const { find, queries } = withQueries()
    const failing = find('a')
    await turns()
    queries[0]?.fail(new Error('connection refused'))
    await expect(failing).rejects.toMatchObject({
      failure: 'failed',
      cause: expect.objectContaining({ message: 'connection refused' }),
    })
    const next = find('a')
    await turns()
    queries[1]?.answer([['a', 'A']])
    expect(await next).toBe('A')
  })

  test('a full queue refuses at once', async () => {
    const { find, queries } = withQueries({ maxWaiting: 1 })
    const first = find('a')
    expect(await failureOf(find('b'))).toBe('overloaded')
    await turns()
    queries[0]?.answer()
    await first
  })
})

describe('when the process was too busy to read the answer in time', () => {
  beforeEach(() => {
    vi.useRealTimers()
  })

  /** The answer comes while one long turn lasts, and is heard after it, like all that is read. */
  async function findThrough(turnMs: number) {
    const { port1: far, port2: near } = new MessageChannel()
    const { find } = createLookUpBatches(
      async (keys) => {
        await once(near, 'message')
        return keys
      },
      { ...defaultLookUpLimits, deadlineMs: 30 },
    )
    const found = find('a').catch((error: LookUpError) => error.failure)
    await turn()
    far.postMessage('answer')
    const until = performance.now() + turnMs
    while (performance.now() < until);
    await found
    near.close()
    return found
  }

  test('an answer that is there is taken, a little after the deadline', async () => {
    // Again where the machine made the turn too long.
    await expect.poll(() => findThrough(35)).toBe('a')
  })

  test('but none is taken later than 50 ms after it', async () => {
    expect(await findThrough(90)).toBe('timed-out')
  })
})

test('a look-up waits until its query is sent', async () => {
  const { find, waiting, queries } = withQueries({ maxQueries: 1 })
  const first = find('a')
  expect(waiting()).toBe(1)
  await turns()
  expect(waiting()).toBe(0)
  const second = [find('b'), find('c'), find('b')]
  expect(waiting()).toBe(2)
  queries[0]?.answer()
  await first
  await turns()
  expect(waiting()).toBe(0)
  queries[1]?.answer()
  await Promise.all(second)
})
