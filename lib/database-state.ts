import { AppRoleMissing } from '#db/client.ts'
import { findMissingColumns, mayChangeRecord } from '#db/queries/schema-state.ts'
import type { Database } from './database.ts'

export type DatabaseState = 'ready' | 'not-migrated' | 'record-unsafe'

/**
 * Whether this code can work on the database: `not-migrated` where tables or columns are missing, `record-unsafe`
 * where our role could change the audit record, tokens or revocations. Throws when the database does not answer.
 */
export async function databaseState(db: Database): Promise<DatabaseState> {
  try {
    if ((await findMissingColumns(db)).length > 0) return 'not-migrated'
    return (await mayChangeRecord(db, 'current_user')) ? 'record-unsafe' : 'ready'
  } catch (error) {
    const { cause } = error as Error
    if (error instanceof AppRoleMissing || cause instanceof AppRoleMissing) return 'not-migrated'
    throw error
  }
}

/** The login owns the tables: whoever takes over the process could rewrite the record. Not asked before migrating. */
export async function isLoginTooMighty(db: Database): Promise<boolean> {
  return mayChangeRecord(db, 'session_user')
}
