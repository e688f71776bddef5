const firstDelayMs = 5_000
const maxDelayMs = 600_000
/** Who is overdue for so long was dispatched by another worker. */
const forgottenAfterMs = 3_600_000

type RetryDelay = { failures: number; retryAtMs: number }

export type RetryDelays = ReturnType<typeof createRetryDelays>

/**
 * Deeds whose events could not be dispatched, and when each is tried again: after 5 s, then ever more rarely, every 10 minutes at
 * last, and never given up. Known to this process only: another one, or the next, tries them once more.
 */
export function createRetryDelays({ nowMs }: { nowMs: () => number } = { nowMs: () => performance.now() }) {
  const known = new Map<string, RetryDelay>()
  return {
    /** The deeds whose time has not come yet. */
    waiting(): string[] {
      const now = nowMs()
      for (const [deedId, { retryAtMs }] of known) {
        if (retryAtMs + forgottenAfterMs < now) known.delete(deedId)
      }
      return [...known].flatMap(([deedId, { retryAtMs }]) => (retryAtMs > now ? [deedId] : []))
    },
    /** @returns how often it failed by now, and when it is tried again. */
    note(deedId: string): { failures: number; retryInMs: number } {
      const failures = (known.get(deedId)?.failures ?? 0) + 1
      const retryInMs = Math.min(firstDelayMs * 2 ** (failures - 1), maxDelayMs)
      known.set(deedId, { failures, retryAtMs: nowMs() + retryInMs })
      return { failures, retryInMs }
    },
    dispatched(deedId: string) {
      known.delete(deedId)
    },
  }
}
