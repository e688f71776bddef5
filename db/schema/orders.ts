import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { stores } from './stores.ts'

export type OrderLine = { code: string; description: string; quantity: number; unitPriceCents: number }

/** Orders of the small built-in store engine, numbered for each store from 1001. */
export const orders = pgTable(
  'orders',
  {
    storeId: text('store_id')
      .notNull()
      .references(() => stores.id),
    number: integer('number').notNull(),
    placedAt: moment('placed_at').notNull(),
    status: text('status').notNull(),
    /** ISO 4217. */
    currency: text('currency').notNull(),
    shipTo: text('ship_to').notNull(),
    lines: jsonb('lines').$type<OrderLine[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.storeId, t.number] })],
)
