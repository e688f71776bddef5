import { TransactionRollbackError } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Database } from '#db/client.ts'

type Options = {
  /** Where the work commits something, all of which is one of its savepoints. */
  onCommit?: () => void
}

/**
 * What the work returns; its own transactions, and what it commits, become savepoints of one that is rolled back. The connection goes
 * back to its pool: a new one would have to read the catalogs anew, which takes longer than most of what is measured.
 */
export async function undone<T>(
  db: Database,
  work: (tx: Database) => Promise<T>,
  { onCommit = () => {} }: Options = {},
): Promise<T> {
  const client = await db.$client.connect()
  let result: T | undefined
  try {
    await drizzle({ client }).transaction(async (tx) => {
      const commit: Database['commit'] = async (inner) => {
        const value = await tx.transaction(inner as never)
        onCommit()
        return { value: value as never, onStandby: 'confirmed' }
      }
      result = await work(Object.assign(tx, { commit }) as unknown as Database)
      tx.rollback()
    })
    client.release()
  } catch (error) {
    client.release(!(error instanceof TransactionRollbackError))
    if (!(error instanceof TransactionRollbackError)) throw error
  }
  return result as T
}
