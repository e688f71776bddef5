import { randomUUID } from 'node:crypto'
import {
  forgetOldAddresses,
  type NumberedBatch,
  writeUsageBatch,
} from '#db/queries/verification/usage-batches.ts'
import type { Database } from '../process/database.ts'
import { isDatabaseOutage } from '../process/database-outage.ts'
import type { RecordedCall } from './recorded-call.ts'
import { createUsageNotes } from './usage-notes.ts'

export type UsageRecorder = {
  /** Notes in memory that a token was presented, and what became of it; never waits, never throws. */
  record(call: RecordedCall): void
  /** Writes all that is noted by now. Does not throw: what cannot be written stays for the next time. */
  flush(): Promise<void>
  /** The last flush. Answers of how many tokens the usage could not be written. */
  close(): Promise<number>
}

export type UsageBacklog = {
  /** Tokens whose latest calls are not written yet. */
  unwritten(): number
}

type UsageOptions = {
  write: (batch: NumberedBatch) => Promise<void>
  /**
   * How long a call waits in memory, in milliseconds: what a crash loses at most while the database answers.
   * The longer, the more calls with the same token are written as one; never longer than a third of the room lasts.
   */
  minWaitMs?: number
  maxWaitMs?: number
  /** Tokens, hours and addresses in memory at most: 400 bytes each or so, 120 MB when it is full. */
  maxNotes?: number
  /** Tokens in one statement: it is made in a millisecond or two, in which no call is answered. */
  maxBatch?: number
  onError?: (error: unknown) => void
  /** So many calls were not counted: there was no room, or the database would not take them. */
  onDropped?: (calls: number) => void
}

/** The database is at work for usage in one part of so many, at most about. */
const shareOfTime = 10

/** @param onError hears why old addresses were not forgotten. */
export const writeUsesTo =
  (db: Database, { onError = () => {} }: { onError?: (error: unknown) => void } = {}) =>
  async (batch: NumberedBatch) => {
    const full = await writeUsageBatch(db, batch)
    // The batch is written: a failure here must not have it written again, and is met again with the next one.
    if (full.length > 0) await forgetOldAddresses(db, full).catch(onError)
  }

/** Counts calls beside them, and writes the sums in batches (docs/decisions/015-use-is-counted-beside-calls.md). */
export function createUsageRecorder(options: UsageOptions): UsageRecorder & UsageBacklog {
  const { write, minWaitMs = 1_000, maxWaitMs = 15_000, maxNotes = 300_000, maxBatch = 500 } = options
  const writerId = randomUUID()
  const notes = createUsageNotes(maxNotes)
  let batches = 0
  let dropped = 0
  /** Of which nobody knows whether it was written. It is sent again as it was, until there is an answer. */
  let unanswered: NumberedBatch | undefined
  let waitMs = minWaitMs
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined

  function record(call: RecordedCall) {
    if (!notes.add(call)) dropped++
    if (flushing) return
    // After a failure the room may stay full: then only the time counts.
    if (notes.size >= maxNotes / 3 && !unanswered) flush()
    else if (!timer) scheduleFlush()
  }

  function scheduleFlush() {
    timer = setTimeout(flush, waitMs)
    timer.unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // What is under way began before the latest calls were noted: they need a flush of their own.
    if (flushing) return flushing.then(flush)
    const startedAt = performance.now()
    flushing = writeNotes().finally(() => {
      flushing = undefined
      const durationMs = performance.now() - startedAt
      waitMs = Math.min(Math.max((shareOfTime - 1) * durationMs, minWaitMs), maxWaitMs)
      if (notes.tokens > 0 || unanswered) scheduleFlush()
    })
    return flushing
  }

  /** Up to what was noted when it began: what comes in the meantime is noted behind it. */
  async function writeNotes() {
    try {
      if (unanswered) await send(unanswered)
      for (let left = notes.tokens; left > 0; left -= maxBatch) {
        await send({ ...notes.take(Math.min(left, maxBatch)), writerId, number: ++batches })
      }
    } catch (error) {
      options.onError?.(error)
    }
    if (dropped > 0) options.onDropped?.(dropped)
    dropped = 0
  }

  async function send(batch: NumberedBatch) {
    unanswered = batch
    try {
      await write(batch)
    } catch (error) {
      if (!isRefused(error)) throw error
      dropped += batch.hours.reduce((sum, { calls, refusals }) => sum + calls + refusals, 0)
      options.onError?.(error)
    }
    unanswered = undefined
  }

  const unwritten = () => notes.tokens + (unanswered?.tokenIds.length ?? 0)

  return {
    record,
    flush,
    unwritten,
    async close() {
      await flush()
      clearTimeout(timer)
      return unwritten()
    },
  }
}

/** Of PostgreSQL: another transaction was in the way, no room or memory for now, a lock, a cancelled statement. */
const passing = /^(40...|53...|55P03|57014)$/

/** An answer of the database that is the same whenever it is asked: the batch must not stop the rest. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error) || isDatabaseOutage(error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // Codes of the system (EPERM) begin with an E, PostgreSQL's never do.
  return /^[\dA-DF-Z][\dA-Z]{4}$/.test(code) ? !passing.test(code) : isRefused(error.cause)
}
