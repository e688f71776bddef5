import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

export const checkKinds = ['plan', 'text'] as const

/**
 * When a job has to look at something that waits: the plan that came with the token (`plan`), or its text (`text`). Written by
 * triggers when a token is revoked or adopted, and for when one expires, so that no job walks all that waits.
 * Rows are only added and deleted: who revokes waits for no job.
 */
export const tokenChecks = pgTable(
  'token_checks',
  {
    kind: text('kind', { enum: checkKinds }).notNull(),
    tokenId: uuid('token_id').notNull(),
    /** To the microsecond: what is due now must not be rounded to later. */
    dueAt: timestamp('due_at', { withTimezone: true, mode: 'string' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.tokenId, t.dueAt] }),
    check('token_checks_kind', sql`${t.kind} in ('plan', 'text')`),
    index('token_checks_due').on(t.kind, t.dueAt, t.tokenId),
  ],
)
