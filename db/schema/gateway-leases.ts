import { bigint, customType, integer, pgTable, uuid } from 'drizzle-orm/pg-core'

/** A transaction's number, which never comes again. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })
/** Which transactions somebody could see. */
const pgSnapshot = customType<{ data: string }>({ dataType: () => 'pg_snapshot' })

/**
 * Processes of the gateway that may answer calls from memory for a while. A row is written, and committed, before its holder looks at
 * `lease_changes`: docs/decisions/032-leases.md.
 */
export const gatewayLeases = pgTable('gateway_leases', {
  id: uuid('id').primaryKey(),
  lengthMs: integer('length_ms').notNull(),
  renewals: bigint('renewals', { mode: 'number' }).notNull().default(0),
  /** What the holder has seen, and acted on. Null: it has seen nothing yet. */
  seen: pgSnapshot('seen'),
})

/** What was changed of what look-ups judge by, while anybody held a lease: triggers write it in the transaction of the change. */
export const leaseChanges = pgTable('lease_changes', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  xid: xid8('xid').notNull(),
  /** Null: any token may be concerned. */
  tokenIds: uuid('token_ids').array(),
})
