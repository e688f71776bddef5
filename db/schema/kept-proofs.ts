import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { revocations } from './revocations.ts'

/**
 * What the processes of the gateway said right after a revocation, in numbers: it stays with the token, as the revocation does.
 * The application's role may insert and read; a trigger stops everybody else from changing it.
 */
export const keptProofs = pgTable(
  'kept_proofs',
  {
    tokenId: uuid('token_id')
      .primaryKey()
      .references(() => revocations.tokenId),
    /** When the last answer was in, or was waited for no longer. */
    provedAt: moment('proved_at').notNull(),
    /** That were alive and were asked. */
    gateways: integer('gateways').notNull(),
    /** Of these: looked the token up and refuse it. */
    refused: integer('refused').notNull(),
    /** Of these: would still have accepted it. 0, or something was very wrong. */
    accepting: integer('accepting').notNull(),
    /** Until the slowest of `refused`, since the person confirmed; null where none refused. */
    refusedAfterMs: integer('refused_after_ms'),
    /** Services that could go on accepting it, by the client of `/introspect`, each until then (ISO 8601). Null: it was not asked. */
    mayAccept: jsonb('may_accept').$type<Record<string, string>>(),
    /** Names of gateways of the version before: how long services rely on their answers nobody knows. Null: it was not asked. */
    unlimited: text('unlimited').array(),
  },
  (t) => [
    // The figure of the last of them.
    index('kept_proofs_by_time').on(t.provedAt),
    check(
      'kept_proofs_counts',
      sql`${t.refused} >= 0 and ${t.accepting} >= 0 and ${t.refused} + ${t.accepting} <= ${t.gateways}`,
    ),
    check(
      'kept_proofs_time',
      sql`(${t.refusedAfterMs} is null) = (${t.refused} = 0) and ${t.refusedAfterMs} >= 0`,
    ),
  ],
)
