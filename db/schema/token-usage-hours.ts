import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** What a call was for: one of the store's APIs, a question of another server about the token, or none that is known (`other`). */
export const usedApis = ['order', 'payment', 'catalog', 'introspection', 'other'] as const

/**
 * Calls of the last hours, added up; what is older is moved to `token_usage_days`.
 * Without a foreign key, whose check would cost more than the row: tokens are never deleted.
 */
export const tokenUsageHours = pgTable(
  'token_usage_hours',
  {
    tokenId: uuid('token_id').notNull(),
    /** When the hour begins. */
    hour: moment('hour').notNull(),
    api: text('api', { enum: usedApis }).notNull(),
    calls: integer('calls').notNull(),
    refusals: integer('refusals').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tokenId, t.hour, t.api] }),
    check(
      'token_usage_hours_api',
      sql`${t.api} in ('order', 'payment', 'catalog', 'introspection', 'other')`,
    ),
    index('token_usage_hours_by_age').on(t.hour),
  ],
)
