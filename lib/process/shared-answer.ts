/**
 * Asks once for all who want to know at the same time, and for those who come within `forMs` milliseconds after
 * the answer: however many probes there are, the database is asked no more often.
 */
export function shareAnswer<T>(ask: () => Promise<T>, { forMs }: { forMs: number }): () => Promise<T> {
  let answer: Promise<T> | undefined
  const forget = () => {
    answer = undefined
  }
  return () => {
    answer ??= ask().finally(() => setTimeout(forget, forMs).unref())
    return answer
  }
}
