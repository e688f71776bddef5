import { AppRoleMissing } from '#db/client.ts'
import { findMissingColumns, mayChangeRecord } from '#db/queries/schema-state.ts'
import type { Database } from './database.ts'

/**
 * Whether this code can work on the database: `not-migrated` where tables or columns are missing, `record-unsafe`
 * where our role could change the audit record, tokens or revocations. Throws when the database does not answer.
 */
export async function databaseState(db: Database): Promise<'ready' | 'not-migrated' | 'record-unsafe'> {
  try {
    if ((await findMissingColumns(db)).length > 0) return 'not-migrated'
    return (await mayChangeRecord(db)) ? 'record-unsafe' : 'ready'
  } catch (error) {
    const { cause } = error as Error
    if (error instanceof AppRoleMissing || cause instanceof AppRoleMissing) return 'not-migrated'
    throw error
  }
}
