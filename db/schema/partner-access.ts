import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { partners } from './partners.ts'
import { stores } from './stores.ts'

export const apis = ['order', 'payment', 'catalog'] as const

/**
 * A store's API access list: which partner may call which of its APIs.
 * Its row is what issuing, renewing and revoking lock. Both names stand here too, kept in step by the
 * database (`on update cascade`), so that either side can search and sort a long list by an index.
 */
export const partnerAccess = pgTable(
  'partner_access',
  {
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    storeName: text('store_name').notNull(),
    partnerName: text('partner_name').notNull(),
    apis: text('apis', { enum: apis }).array().notNull(),
    addedAt: moment('added_at').notNull().defaultNow(),
    /** The partner is no longer in the list, and has no live token; its tokens stay on record. Null again when it is added again. */
    removedAt: moment('removed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.storeId, t.partnerId] }),
    foreignKey({
      name: 'partner_access_store',
      columns: [t.storeId, t.storeName],
      foreignColumns: [stores.id, stores.name],
    }).onUpdate('cascade'),
    foreignKey({
      name: 'partner_access_partner',
      columns: [t.partnerId, t.partnerName],
      foreignColumns: [partners.id, partners.name],
    }).onUpdate('cascade'),
    check('partner_access_apis', sql`${t.apis} <@ array['order', 'payment', 'catalog']`),
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
