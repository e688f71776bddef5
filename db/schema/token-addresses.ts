import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { dayRanges, moment } from './columns.ts'

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
    /** Since the address stands here: one that was forgotten begins anew. Null: not noted, in the version before 0042. */
    firstUsedAt: moment('first_used_at'),
    /** The days (UTC) of the last month with an accepted call from there; null: not noted. */
    usedDays: dayRanges('used_days'),
  },
  (t) => [primaryKey({ columns: [t.tokenId, t.address] }), index('token_addresses_by_age').on(t.lastUsedAt)],
)
