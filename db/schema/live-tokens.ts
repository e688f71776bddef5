import { sql } from 'drizzle-orm'
import { boolean, date, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/**
 * What lists of live tokens walk: a row for each token that may be live, with what they filter by. It decides nothing: every token
 * of a page is judged by the facts. Triggers keep it, for processes of the version before as well. There may be rows too
 * many, and none too few (docs/decisions/021-what-lists-walk.md).
 */
export const liveTokens = pgTable(
  'live_tokens',
  {
    id: uuid('id').primaryKey(),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** It was renewed at some time: its successor may have ended since. */
    isRenewed: boolean('is_renewed').notNull().default(false),
    /** The day (UTC) of the last use; null: never used. It changes once a day, so that calls write it seldom. */
    usedOn: date('used_on', { mode: 'string' }),
  },
  (t) => [
    index('live_tokens_of_store_by_expiry').on(t.storeId, t.expiresAt, t.id),
    index('live_tokens_of_store_by_creation').on(t.storeId, t.createdAt, t.id),
    index('live_tokens_of_store_by_use').on(t.storeId, t.usedOn, t.id),
    index('live_tokens_of_partner_by_expiry').on(t.partnerId, t.expiresAt, t.id),
    index('live_tokens_of_partner_by_creation').on(t.partnerId, t.createdAt, t.id),
    index('live_tokens_of_partner_by_use').on(t.partnerId, t.usedOn, t.id),
    index('live_tokens_of_pair').on(t.storeId, t.partnerId, t.expiresAt, t.id),
    index('renewed_tokens_of_store').on(t.storeId, t.expiresAt, t.id).where(sql`${t.isRenewed}`),
    index('renewed_tokens_of_partner').on(t.partnerId, t.expiresAt, t.id).where(sql`${t.isRenewed}`),
    index('renewed_tokens_of_pair').on(t.storeId, t.partnerId, t.expiresAt, t.id).where(sql`${t.isRenewed}`),
  ],
)
