import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { partners } from './partners.ts'
import { stores } from './stores.ts'

export const apis = ['order', 'payment', 'catalog'] as const

/**
 * A store's API access list: which partner may call which of its APIs.
 * Its row is what issuing, renewing and revoking lock. Both names are copied here, so that either side can search and sort
 * a long list by an index. After a renaming the worker copies the new one in small steps (`name_copies`).
 */
export const partnerAccess = pgTable(
  'partner_access',
  {
    storeId: text('store_id')
      .notNull()
      .references(() => stores.id),
    partnerId: text('partner_id')
      .notNull()
      .references(() => partners.id),
    /** To search and to sort by; what is shown is the name in `stores`. */
    storeName: text('store_name').notNull(),
    /** To search and to sort by; what is shown is the name in `partners`. */
    partnerName: text('partner_name').notNull(),
    apis: text('apis', { enum: apis }).array().notNull(),
    addedAt: moment('added_at').notNull().defaultNow(),
    /** The partner is no longer in the list, and has no live token; its tokens stay on record. Null again when it is added again. */
    removedAt: moment('removed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.storeId, t.partnerId] }),
    check('partner_access_apis', sql`${t.apis} <@ array['order', 'payment', 'catalog']`),
    // After a renaming, all rows of one partner are walked by it.
    index('partner_access_of_partner').on(t.partnerId, t.storeId),
    // Both for processes of the version before, which order by code point; a later version drops them.
    index('partner_access_by_partner_name').on(t.storeId, t.partnerName, t.partnerId),
    index('partner_access_by_store_name').on(t.partnerId, t.storeName, t.storeId),
    index('partner_access_in_partner_order').on(
      t.storeId,
      sql`${t.partnerName} collate name_order`,
      t.partnerId,
    ),
    index('partner_access_in_store_order').on(t.partnerId, sql`${t.storeName} collate name_order`, t.storeId),
    index('partner_access_partner_parts').using('gin', sql`search_parts(${t.partnerName}, ${t.partnerId})`),
    index('partner_access_store_parts').using('gin', sql`search_parts(${t.storeName}, ${t.storeId})`),
  ],
)
