const firstDelayMs = 5_000
const maxDelayMs = 600_000
/** An operation that is overdue for so long was dispatched by another worker. */
const forgottenAfterMs = 3_600_000

type RetryDelay = { failures: number; retryAtMs: number }

export type RetryDelays = ReturnType<typeof createRetryDelays>

/**
 * Operations whose events could not be dispatched, and when each is tried again: after 5 s, then ever more rarely, every 10 minutes at
 * last, and never given up. Known to this process only: another one, or the next, tries them once more.
 */
export function createRetryDelays({ nowMs }: { nowMs: () => number } = { nowMs: () => performance.now() }) {
  const known = new Map<string, RetryDelay>()
  return {
    /** The operations whose time has not come yet. */
    waiting(): string[] {
      const now = nowMs()
      for (const [operationId, { retryAtMs }] of known) {
        if (retryAtMs + forgottenAfterMs < now) known.delete(operationId)
      }
      return [...known].flatMap(([operationId, { retryAtMs }]) => (retryAtMs > now ? [operationId] : []))
    },
    /** @returns how often it failed by now, and when it is tried again. */
    note(operationId: string): { failures: number; retryInMs: number } {
      const failures = (known.get(operationId)?.failures ?? 0) + 1
      const retryInMs = Math.min(firstDelayMs * 2 ** (failures - 1), maxDelayMs)
      known.set(operationId, { failures, retryAtMs: nowMs() + retryInMs })
      return { failures, retryInMs }
    },
    dispatched(operationId: string) {
      known.delete(operationId)
    },
  }
}
