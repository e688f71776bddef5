import { TransactionRollbackError } from 'drizzle-orm'
import type { Database } from '#db/client.ts'

/** What the work returns; its own transactions become savepoints of one that is rolled back. */
export async function undone<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  let result: T | undefined
  try {
    await db.transaction(async (tx) => {
      result = await work(tx as unknown as Database)
      tx.rollback()
    })
  } catch (error) {
    if (!(error instanceof TransactionRollbackError)) throw error
  }
  return result as T
}
