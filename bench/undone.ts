import { TransactionRollbackError } from 'drizzle-orm'
import type { Database } from '#db/client.ts'

/** What the work returns; its own transactions, and what it commits, become savepoints of one that is rolled back. */
export async function undone<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  let result: T | undefined
  try {
    await db.transaction(async (tx) => {
      const commit: Database['commit'] = async (inner) => ({
        value: await tx.transaction(inner as never),
        onStandby: 'confirmed',
      })
      result = await work(Object.assign(tx, { commit }) as unknown as Database)
      tx.rollback()
    })
  } catch (error) {
    if (!(error instanceof TransactionRollbackError)) throw error
  }
  return result as T
}
