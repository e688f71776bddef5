import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { usedApis } from './token-usage-hours.ts'
import { tokens } from './tokens.ts'

/** The last call with the token that the gateway accepted; no row: never used. */
export const tokenUsage = pgTable('token_usage', {
  tokenId: uuid('token_id')
    .primaryKey()
    .references(() => tokens.id),
  lastUsedAt: moment('last_used_at').notNull(),
  lastApi: text('last_api', { enum: usedApis }),
  /** Of the caller; null where it is not known, as behind an introspection. */
  lastAddress: text('last_address'),
  /** What the caller calls itself: its User-Agent, shortened. */
  lastClient: text('last_client'),
})
