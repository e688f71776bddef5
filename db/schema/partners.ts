import { sql } from 'drizzle-orm'
import { check, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

export const partners = pgTable(
  'partners',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** Since when members need a second factor to work for it; null: they do not. */
    secondFactorDemandedAt: moment('second_factor_demanded_at'),
  },
  (t) => [
    // With the name in a key, a pair that is added waits for a renaming and takes the new name.
    unique('partners_id_name').on(t.id, t.name),
    check('partners_id_shape', sql`${t.id} ~ '^ypa-[0-9]{12}$'`),
    check('partners_name_length', sql`char_length(${t.name}) between 1 and 200`),
  ],
)
