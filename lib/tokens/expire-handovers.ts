import { forgetExpiredHandovers } from '#db/queries/tokens/handovers.ts'
import type { Database } from '../process/database.ts'

const batch = 1_000

/** A job: forgets the texts of tokens that nobody collected in time or that have ended. @returns how many. */
export async function expireHandovers({
  db,
  signal,
}: {
  db: Database
  signal?: AbortSignal
}): Promise<number> {
  let total = 0
  for (;;) {
    const { forgotten, mayBeMore } = await forgetExpiredHandovers(db, batch)
    total += forgotten
    if (!mayBeMore || signal?.aborted) return total
  }
}
