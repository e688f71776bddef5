import type { Logger } from 'pino'
import { isDatabaseOutage } from './database-outage.ts'

/** What goes on failing is two lines: when it began, and when it was over. An outage of a minute is hundreds of failures. */
export type FailureLog = {
  failed(error: unknown): void
  worked(): void
}

type FailureLogOptions = {
  log: Pick<Logger, 'info' | 'warn'>
  /** The words for its beginning, and for its end. */
  lost: string
  back: string
  /** It is over when it has worked, and nothing has failed for so long: several do the same, not all are back at once. */
  backAfterMs?: number
}

export function logFailures({ log, lost, back, backAfterMs = 0 }: FailureLogOptions): FailureLog {
  let failures = 0
  let firstAtMs = 0
  let lastAtMs = 0
  let checking: NodeJS.Timeout | undefined

  function end() {
    log.info({ failures, forMs: Math.round(lastAtMs - firstAtMs) }, back)
    failures = 0
    checking = undefined
  }

  return {
    failed(err) {
      lastAtMs = performance.now()
      if (failures === 0) {
        firstAtMs = lastAtMs
        log.warn({ err }, lost)
      }
      failures++
      clearTimeout(checking)
      checking = undefined
    },
    worked() {
      if (failures === 0 || checking) return
      const leftMs = lastAtMs + backAfterMs - performance.now()
      if (leftMs <= 0) return end()
      checking = setTimeout(end, leftMs)
      checking.unref()
    },
  }
}

/** Longer than any of those who ask the database waits before it asks again. */
const databaseBackAfterMs = 15_000

/** For all that a process does in the database while nobody waits for it: they lose it together. */
export const logDatabaseFailures = (log: FailureLogOptions['log']): FailureLog =>
  logFailures({
    log,
    lost: 'the database was lost, or refuses; it will be tried again',
    back: 'the database answers again',
    backAfterMs: databaseBackAfterMs,
  })

/** What failed because the database is away is a failure of the `database`; anything else is one of its `own`. */
export function divideFailures(failures: { database: FailureLog; own: FailureLog }): FailureLog {
  const { database, own } = failures
  return {
    failed: (error) => (isDatabaseOutage(error) ? database : own).failed(error),
    worked() {
      database.worked()
      own.worked()
    },
  }
}

const warnAgainAfterMs = 600_000
const warningsKept = 100

/** A warning that is repeated within ten minutes is counted, and the next line of it says how often. */
export function logWarnings(log: FailureLogOptions['log']): (message: string) => void {
  const known = new Map<string, { loggedAtMs: number; repeated: number }>()
  return (message) => {
    const nowMs = performance.now()
    const before = known.get(message)
    if (before && nowMs - before.loggedAtMs < warnAgainAfterMs) {
      before.repeated++
      return
    }
    if (known.size >= warningsKept) known.clear()
    known.set(message, { loggedAtMs: nowMs, repeated: 0 })
    log.warn(before ? { repeated: before.repeated } : {}, message)
  }
}
