import { copyNameOnward, deleteNameCopy, keepPlace, lockNameCopy } from '#db/queries/partners/name-copies.ts'
import type { Database } from '../process/database.ts'

/** A revocation of one of them waits for no more than this many rows to be written. */
const defaultRowsAtOnce = 200

/**
 * Copies the names of renamed stores and partners to their pairs, in transactions of their own. A pair that somebody holds
 * is passed over, and copied at a later call.
 */
export async function copyNames(options: { db: Database; signal: AbortSignal; rowsAtOnce?: number }) {
  const { db, signal, rowsAtOnce = defaultRowsAtOnce } = options
  while (!signal.aborted && (await copySome(db, rowsAtOnce)));
}

/** Whether there may be more to do at once. */
function copySome(db: Database, rowsAtOnce: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const copy = await lockNameCopy(tx)
    if (!copy) return false
    // A statement of its own: it sees a renaming that was committed before the lock was had.
    const { lastId, hasSkipped } = await copyNameOnward(tx, copy, rowsAtOnce)
    if (lastId !== undefined) {
      await keepPlace(tx, { ...copy, afterId: lastId, hasSkipped: copy.hasSkipped || hasSkipped })
      return true
    }
    if (!copy.hasSkipped) {
      await deleteNameCopy(tx, copy)
      return true
    }
    await keepPlace(tx, { ...copy, afterId: '', hasSkipped: false })
    return false
  })
}
