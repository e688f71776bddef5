import { pgTable, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { tokens } from './tokens.ts'

/** When the API door last accepted a call with the token; no row: never used. */
export const tokenUsage = pgTable('token_usage', {
  tokenId: uuid('token_id')
    .primaryKey()
    .references(() => tokens.id),
  lastUsedAt: moment('last_used_at').notNull(),
})
