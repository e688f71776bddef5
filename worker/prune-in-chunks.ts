type ChunkOptions = {
  /** What a step takes at most: when it took fewer, nothing is left of its kind. */
  chunkRows: number
  /** Of each step in one run; what is left is for the next one. */
  maxChunks?: number
  /** Ends the run before its next chunk. */
  signal?: AbortSignal | undefined
}

/**
 * Repeats each step until it finds no full chunk any more, so that no transaction is long.
 * @returns how many rows.
 */
export async function pruneInChunks(
  steps: (() => Promise<number>)[],
  { chunkRows, maxChunks = Number.POSITIVE_INFINITY, signal }: ChunkOptions,
): Promise<number> {
  let sum = 0
  for (const step of steps) {
    for (let chunk = 0; chunk < maxChunks; chunk++) {
      if (signal?.aborted) return sum
      const count = await step()
      sum += count
      if (count < chunkRows) break
    }
  }
  return sum
}
