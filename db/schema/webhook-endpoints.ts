import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { partners } from './partners.ts'
import { stores } from './stores.ts'
import { users } from './users.ts'

/** Where a store's or a partner's own program wants to be notified of events. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: uuid('id').primaryKey(),
    storeId: text('store_id').references(() => stores.id),
    partnerId: text('partner_id').references(() => partners.id),
    url: text('url').notNull(),
    /** Encrypted (`lib/encryption/encryption.ts`): `whsec_…` of Standard Webhooks. */
    encryptedSecret: text('encrypted_secret').notNull(),
    /** `token.…` kinds of event. */
    kinds: text('kinds').array().notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id),
    /** As they were; null in rows of before that. */
    createdByName: text('created_by_name'),
    createdByEmail: text('created_by_email'),
    /** Nothing is sent while it is set; deliveries of the time between are not made up for. */
    disabledAt: moment('disabled_at'),
    /** Since when nothing gets there: set when a delivery has failed for good, ended by the next one that is taken. */
    failingSince: moment('failing_since'),
    /** Gone from the page; its deliveries stay until they are pruned. */
    removedAt: moment('removed_at'),
  },
  (t) => [
    check('webhook_endpoints_owner', sql`num_nonnulls(${t.storeId}, ${t.partnerId}) = 1`),
    check('webhook_endpoints_url_length', sql`char_length(${t.url}) <= 2000`),
    index('webhook_endpoints_of_store').on(t.storeId, t.id).where(sql`${t.removedAt} is null`),
    index('webhook_endpoints_of_partner').on(t.partnerId, t.id).where(sql`${t.removedAt} is null`),
  ],
)
