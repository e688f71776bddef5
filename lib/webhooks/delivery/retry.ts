const minute = 60
const hour = 60 * minute

/** How long is waited after the first, the second, … attempt that failed, in seconds; after the last the delivery has failed. */
export const retryDelaysSeconds = [5, 30, 2 * minute, 10 * minute, hour, 6 * hour, 24 * hour] as const

/** @param attempts that failed so far, 1 at least. @returns null where there is no further one. */
export function nextAttemptDelaySeconds(attempts: number): number | null {
  return retryDelaysSeconds[attempts - 1] ?? null
}
