import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/**
 * From where accepted calls with a token came lately: each address once, about a hundred a token at most. The moment
 * is right to the minute, so that a busy caller does not have its row written at every batch.
 */
export const tokenAddresses = pgTable(
  'token_addresses',
  {
    tokenId: uuid('token_id').notNull(),
    address: text('address').notNull(),
    lastUsedAt: moment('last_used_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tokenId, t.address] }), index('token_addresses_by_age').on(t.lastUsedAt)],
)
