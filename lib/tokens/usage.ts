import { writeLastUses } from '#db/queries/token-usage.ts'
import type { usedApis } from '#db/schema/token-usage-hours.ts'
import type { Database } from '../database.ts'
import type { RefusalCause } from './policy.ts'

export type UsedApi = (typeof usedApis)[number]

/** One call with a token that is known. */
export type RecordedCall = {
  tokenId: string
  api: UsedApi
  /** Why it was refused; null: it was accepted. */
  cause: RefusalCause | null
  /** The caller's; null where it is not known. */
  address: string | null
  /** What the caller calls itself, of any length. */
  client: string | null
  at: Date
}

export type Use = { tokenId: string; lastUsedAt: Date }

export type UsageRecorder = {
  /** Notes in memory that a token was presented, and what became of it; never waits, never throws. */
  record(call: RecordedCall): void
  /** Writes all that is noted by now. Does not throw: what cannot be written stays for the next time. */
  flush(): Promise<void>
  /** The last flush. Answers how many tokens' last use could not be written. */
  close(): Promise<number>
}

type UsageOptions = {
  write: (uses: Use[]) => Promise<void>
  /** How long a use may wait in memory, in milliseconds: what a crash loses at most. */
  flushEveryMs?: number
  /** Tokens in memory at most; further ones are not noted until the database takes some again. */
  maxTokens?: number
  /** Rows in one statement. */
  maxBatch?: number
  onError?: (error: unknown) => void
}

export const writeUsesTo = (db: Database) => (uses: Use[]) => writeLastUses(db, uses)

export function createUsageRecorder(options: UsageOptions): UsageRecorder {
  const { write, flushEveryMs = 1_000, maxTokens = 200_000, maxBatch = 5_000, onError } = options
  let pending = new Map<string, Date>()
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined

  function record({ tokenId, cause, at }: RecordedCall) {
    if (cause === null) note(tokenId, at)
  }

  function note(tokenId: string, at: Date) {
    const known = pending.get(tokenId)
    if (known ? known >= at : pending.size >= maxTokens) return
    pending.set(tokenId, at)
    scheduleFlush()
  }

  function scheduleFlush() {
    if (timer || flushing) return
    timer = setTimeout(flush, flushEveryMs)
    timer.unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // What is under way began before the latest uses were noted: they need a flush of their own.
    if (flushing) return flushing.then(flush)
    flushing = writePending().finally(() => {
      flushing = undefined
      if (pending.size > 0) scheduleFlush()
    })
    return flushing
  }

  async function writePending() {
    const uses = [...pending].map(([tokenId, lastUsedAt]) => ({ tokenId, lastUsedAt }))
    pending = new Map()
    let written = 0
    try {
      while (written < uses.length) {
        const batch = uses.slice(written, written + maxBatch)
        await write(batch)
        written += batch.length
      }
    } catch (error) {
      for (const { tokenId, lastUsedAt } of uses.slice(written)) note(tokenId, lastUsedAt)
      onError?.(error)
    }
  }

  return {
    record,
    flush,
    async close() {
      await flush()
      clearTimeout(timer)
      return pending.size
    },
  }
}
