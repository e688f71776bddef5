import type { Queryable } from '#db/client.ts'
import { countAndAnnounce, lockOpenBooks, writeNextEnds } from '#db/queries/tokens/cut-off-books.ts'
import { reportRevocations } from '#db/revocation-reports.ts'
import { afterCommit } from '#db/transaction.ts'
import type { Database } from '../process/database.ts'
import { eachByItself, type Failing } from '../process/each-by-itself.ts'

/** Each transaction is over in about a tenth of a second, so that nobody's call waits behind it. */
const tokensAtOnce = 2_500

/**
 * Writes down, token by token, what cut-offs have ended: the tokens are refused without it. Begins with the counts, and
 * with what stores and partners are notified of. Each step is one transaction with the place that it came to: killed at any
 * point, nothing is lost or written twice. Any number of processes share the cut-offs, and one that fails holds up no other.
 * @returns how many tokens were written down.
 * @throws when the others are done: which cut-off failed, and with what.
 */
export function writeCutOffBooks({
  db,
  signal,
  atOnce = tokensAtOnce,
}: {
  db: Database
  signal?: AbortSignal
  atOnce?: number
}): Promise<number> {
  const what = (cutOffId: string) => `what the cut-off ${cutOffId} ended could not be written down`
  return eachByItself(db, { what, signal }, (tx, failing) => writeStep(tx, { atOnce, ...failing }))
}

/** Null where nothing is left to do, or others have it in hand. */
async function writeStep(
  tx: Queryable,
  { atOnce, besides, onFound }: Failing & { atOnce: number },
): Promise<number | null> {
  const books = await lockOpenBooks(tx, { besides })
  if (!books) return null
  onFound(books.cutOffId)
  if (books.tokens === null) {
    await countAndAnnounce(tx, books)
    return 0
  }
  const { tokenIds } = await writeNextEnds(tx, books, atOnce)
  if (tokenIds.length > 0) {
    const { side, userId, reason } = books
    const revokedAt = new Date(books.at)
    afterCommit(() => reportRevocations({ tokenIds, revokedAt, side, userId, reason }))
  }
  return tokenIds.length
}
