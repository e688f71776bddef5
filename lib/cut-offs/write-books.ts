import { countAndAnnounce, lockOpenBooks, writeNextEnds } from '#db/queries/tokens/cut-off-books.ts'
import { reportRevocations } from '#db/revocation-reports.ts'
import { afterCommit } from '#db/transaction.ts'
import type { Database } from '../process/database.ts'

/** Each transaction is over in about a tenth of a second, so that nobody's call waits behind it. */
const tokensAtOnce = 2_500

/**
 * Writes down, token by token, what cut-offs have ended: the tokens are refused without it. Begins with the counts, and
 * with what stores and partners are notified of. Each step is one transaction with the place that it came to: killed at any
 * point, nothing is lost or written twice. Any number of processes share the cut-offs.
 * @returns how many tokens were written down.
 */
export async function writeCutOffBooks({
  db,
  signal,
  atOnce = tokensAtOnce,
}: {
  db: Database
  signal?: AbortSignal
  atOnce?: number
}): Promise<number> {
  let written = 0
  while (!signal?.aborted) {
    const step = await writeStep(db, atOnce)
    if (!step) break
    written += step.written
  }
  return written
}

/** Null where nothing is left to do, or others have it in hand. */
async function writeStep(db: Database, atOnce: number): Promise<{ written: number } | null> {
  return db.transaction(async (tx) => {
    const books = await lockOpenBooks(tx)
    if (!books) return null
    if (books.tokens === null) {
      await countAndAnnounce(tx, books)
      return { written: 0 }
    }
    const { tokenIds } = await writeNextEnds(tx, books, atOnce)
    if (tokenIds.length > 0) {
      const { side, userId, reason } = books
      const revokedAt = new Date(books.at)
      afterCommit(() => reportRevocations({ tokenIds, revokedAt, side, userId, reason }))
    }
    return { written: tokenIds.length }
  })
}
