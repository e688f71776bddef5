import { sql } from 'drizzle-orm'
import { bigint, check, date, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { usedApis } from './token-usage-hours.ts'

/** Calls of past days (UTC), added up from `token_usage_hours`. */
export const tokenUsageDays = pgTable(
  'token_usage_days',
  {
    tokenId: uuid('token_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    api: text('api', { enum: usedApis }).notNull(),
    calls: bigint('calls', { mode: 'number' }).notNull(),
    refusals: bigint('refusals', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tokenId, t.day, t.api] }),
    check('token_usage_days_api', sql`${t.api} in ('order', 'payment', 'catalog', 'introspection', 'other')`),
    index('token_usage_days_by_age').on(t.day),
  ],
)
