import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { partners } from './partners.ts'
import { stores } from './stores.ts'
import { users } from './users.ts'

export const roles = ['owner', 'administrator', 'viewer'] as const

/** Who works for a store, and as what. */
export const storeMembers = pgTable(
  'store_members',
  {
    storeId: text('store_id')
      .notNull()
      .references(() => stores.id),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    role: text('role', { enum: roles }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.storeId] }),
    index('store_members_of_store').on(t.storeId),
    check('store_members_role', sql`${t.role} in ('owner', 'administrator', 'viewer')`),
  ],
)

/** Who works for a partner, and as what. */
export const partnerMembers = pgTable(
  'partner_members',
  {
    partnerId: text('partner_id')
      .notNull()
      .references(() => partners.id),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    role: text('role', { enum: roles }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.partnerId] }),
    index('partner_members_of_partner').on(t.partnerId),
    check('partner_members_role', sql`${t.role} in ('owner', 'administrator', 'viewer')`),
  ],
)
