import { AppRoleMissing } from '#db/client.ts'
import { findOutdatedCollations } from '#db/queries/database/collation-versions.ts'
import { isPooledByTransaction } from '#db/queries/database/pooler.ts'
import {
  findMissingColumns,
  findMissingPrivileges,
  findPendingMigrations,
  mayChangeRecord,
  mayLoginChangeRecord,
} from '#db/queries/database/schema-state.ts'
import type { Database } from './database.ts'

export type DatabaseState =
  | { is: 'ready' }
  /** `missing`: what it lacks, for people. */
  | { is: 'not-migrated'; missing: readonly string[] }
  | { is: 'record-unsafe' }
  /** What a connection is set to does not last there. */
  | { is: 'pooled-by-transaction' }

/**
 * Whether this code can work on the database: `not-migrated` where migrations, columns or privileges are missing,
 * `record-unsafe` where our role could change the audit record, tokens or revocations. Throws when it does not answer.
 */
export async function databaseState(db: Database): Promise<DatabaseState> {
  try {
    if (await isPooledByTransaction(db.$client)) return { is: 'pooled-by-transaction' }
    const missing = [
      ...(await findPendingMigrations(db)),
      ...(await findMissingColumns(db)),
      ...(await findMissingPrivileges(db)),
    ]
    if (missing.length > 0) return { is: 'not-migrated', missing }
    return { is: (await mayChangeRecord(db)) ? 'record-unsafe' : 'ready' }
  } catch (error) {
    const { cause } = error as Error
    for (const said of [error, cause])
      if (said instanceof AppRoleMissing) return { is: 'not-migrated', missing: [said.missing] }
    throw error
  }
}

/** Collations whose rules in the system are others than those that the indexes were made by, with both versions. */
export async function outdatedCollations(db: Database): Promise<string[]> {
  return findOutdatedCollations(db)
}

/** The login owns the tables: whoever takes over the process could rewrite the record. Not asked before migrating. */
export async function isLoginTooMighty(db: Database): Promise<boolean> {
  return mayLoginChangeRecord(db)
}
