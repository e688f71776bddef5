/** Why a look-up has no answer. Whoever asked for a token must refuse: nothing is known of it. */
type LookUpFailure = 'timed-out' | 'failed' | 'overloaded'

export class LookUpError extends Error {
  override readonly name = 'LookUpError'
  readonly failure: LookUpFailure

  constructor(failure: LookUpFailure, cause?: unknown) {
    super(`The look-up ${failureWords[failure]}.`, { cause })
    this.failure = failure
  }
}

const failureWords: Record<LookUpFailure, string> = {
  'timed-out': 'got no answer in time',
  failed: 'failed',
  overloaded: 'was not tried, too many are waiting',
}

export type LookUpLimits = {
  /** From the call of `find` to its answer, in ms; 180: the gateway promises 250, and many answers are written one by one. */
  deadlineMs: number
  /** Queries under way at once. */
  maxQueries: number
  /** A query that has been under way for so long, in milliseconds, is not waited for before the next is sent. */
  lateAfterMs: number
  /** Different keys in one query. */
  maxBatch: number
  /** Different keys that wait for a query. */
  maxWaiting: number
}

export const defaultLookUpLimits: LookUpLimits = {
  deadlineMs: 180,
  maxQueries: 4,
  lateAfterMs: 5,
  maxBatch: 256,
  maxWaiting: 20_000,
}

/** What came in time but could not be read at once, because the process was busy, is taken for so much longer, in ms. */
const readingMs = 50

type LookUp<T> = {
  key: string
  deadlineAt: number
  promise: Promise<T | undefined>
  resolve: (found: T | undefined) => void
  reject: (error: LookUpError) => void
}

/**
 * Look-ups that wait in one turn of the event loop, or for the query under way, share one query, which is sent
 * after the last of them was asked for: what was committed before a call is seen by it. Few large queries cost
 * less than many small ones; when idle there is no timer to wait for. Nothing is remembered between queries
 * (docs/decisions/004-every-call-asks-the-primary.md).
 *
 * @param query answers in the order of the keys.
 */
export function createLookUpBatches<T>(
  query: (keys: string[]) => Promise<(T | undefined)[]>,
  limits: LookUpLimits = defaultLookUpLimits,
) {
  const waiting = new Map<string, LookUp<T>>()
  /** In the order of their deadlines, answered ones included until the head is past them. */
  const unanswered = new Set<LookUp<T>>()
  let queriesUnderWay = 0
  let lateQueries = 0
  let sendScheduled = false
  let lastBatchSize = 0
  let deadlineTimer: NodeJS.Timeout | undefined

  function find(key: string): Promise<T | undefined> {
    const shared = waiting.get(key)
    if (shared) return shared.promise
    if (waiting.size >= limits.maxWaiting) return Promise.reject(new LookUpError('overloaded'))
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>()
    const lookUp = { key, deadlineAt: performance.now() + limits.deadlineMs, promise, resolve, reject }
    waiting.set(key, lookUp)
    unanswered.add(lookUp)
    watchDeadline()
    scheduleSend()
    return promise
  }

  function maySend() {
    if (waiting.size === 0 || queriesUnderWay >= limits.maxQueries) return false
    return queriesUnderWay === lateQueries || waiting.size >= limits.maxBatch
  }

  function scheduleSend() {
    if (sendScheduled || !maySend()) return
    sendScheduled = true
    // Who calls alone is not made to wait for others; where several came together, more come in this turn.
    if (lastBatchSize > 1) setImmediate(sendWaiting)
    else queueMicrotask(sendWaiting)
  }

  function sendWaiting() {
    sendScheduled = false
    while (maySend()) void send()
  }

  async function send() {
    const batch = takeWaiting()
    lastBatchSize = batch.length
    const waited = waitFor()
    try {
      const found = await query(batch.map(({ key }) => key))
      waited.end()
      scheduleSend()
      const readAt = performance.now()
      for (const [n, lookUp] of batch.entries()) {
        if (readAt > lookUp.deadlineAt + readingMs) timeOut(lookUp)
        else answer(lookUp, () => lookUp.resolve(found[n]))
      }
    } catch (error) {
      waited.end()
      for (const lookUp of batch) answer(lookUp, () => lookUp.reject(new LookUpError('failed', error)))
      scheduleSend()
    }
  }

  /** Counts a query as under way and, once it is late, as one that the others do not wait for. */
  function waitFor() {
    let isLate = false
    queriesUnderWay++
    const timer = setTimeout(() => {
      isLate = true
      lateQueries++
      scheduleSend()
    }, limits.lateAfterMs)
    timer.unref()
    return {
      end() {
        clearTimeout(timer)
        queriesUnderWay--
        if (isLate) lateQueries--
      },
    }
  }

  function takeWaiting(): LookUp<T>[] {
    const batch: LookUp<T>[] = []
    for (const lookUp of waiting.values()) {
      if (batch.length === limits.maxBatch) break
      batch.push(lookUp)
      waiting.delete(lookUp.key)
    }
    return batch
  }

  function answer(lookUp: LookUp<T>, settle: () => void) {
    unanswered.delete(lookUp)
    settle()
  }

  /** One timer for all: every look-up has the same time, so that the oldest is the next to run out. */
  function watchDeadline() {
    if (deadlineTimer) return
    const [oldest] = unanswered
    if (!oldest) return
    const untilThen = Math.max(1, oldest.deadlineAt - performance.now())
    // After a long turn timers run before anything is read: the answer may be there, and is read first.
    deadlineTimer = setTimeout(() => setImmediate(expire, performance.now()), untilThen)
    deadlineTimer.unref()
  }

  function expire(now: number) {
    deadlineTimer = undefined
    for (const lookUp of unanswered) {
      if (lookUp.deadlineAt > now) break
      timeOut(lookUp)
    }
    watchDeadline()
  }

  function timeOut(lookUp: LookUp<T>) {
    if (waiting.get(lookUp.key) === lookUp) waiting.delete(lookUp.key)
    answer(lookUp, () => lookUp.reject(new LookUpError('timed-out')))
  }

  return { find, waiting: () => waiting.size }
}
