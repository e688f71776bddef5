import { writePauseEnds } from '#db/queries/tokens/pauses.ts'
import { reportRevocations } from '#db/revocation-reports.ts'
import { afterCommit } from '#db/transaction.ts'
import type { Database } from '../process/database.ts'

/** Each transaction is over in about a tenth of a second. */
const pausesAtOnce = 2_500

/**
 * Writes down what became of tokens whose pause has ended: they are refused, or accepted again, without it. Each step is one transaction:
 * killed at any point, nothing is lost or written twice. Any number of processes share them.
 * @returns how many pauses were looked at.
 */
export async function writeEndsOfPauses({
  db,
  signal,
  atOnce = pausesAtOnce,
}: {
  db: Database
  signal?: AbortSignal
  atOnce?: number
}): Promise<number> {
  let sum = 0
  while (!signal?.aborted) {
    const looked = await db.transaction(async (tx) => {
      const { looked, revoked } = await writePauseEnds(tx, atOnce)
      for (const { tokenId, ...facts } of revoked)
        afterCommit(() => reportRevocations({ tokenIds: [tokenId], ...facts }))
      return looked
    })
    sum += looked
    if (looked < atOnce) break
  }
  return sum
}
