import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../client.ts'
import type { OnStandby } from '../../transaction.ts'

/**
 * Whether the synchronous standby has all that was committed before: a commit of a message that nobody reads waits behind
 * it. Where there is no synchronous standby nothing is written.
 */
export async function reachStandby(db: Database): Promise<OnStandby> {
  const { onStandby } = await db.commit((tx) =>
    tx.execute(sql`
      select pg_catalog.pg_logical_emit_message(true, 'partner-tokens', '')
      where pg_catalog.current_setting('synchronous_standby_names') <> ''`),
  )
  return onStandby
}

/** For what is no record: this transaction's commit does not wait for the synchronous standby. */
export async function commitWithoutStandby(tx: Queryable) {
  await tx.execute(sql`set local synchronous_commit = local`)
}
