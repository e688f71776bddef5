import { sql } from 'drizzle-orm'
import { check, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** What becomes of a token that somebody of the public reports as leaked. */
export const leakAnswers = ['revoke', 'pause'] as const

export const packages = ['starter', 'standard', 'professional', 'store-v1'] as const

/** A merchant's Store service. */
export const stores = pgTable(
  'stores',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    package: text('package', { enum: packages }).notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** Since when members need a second factor to work for it; null: they do not. */
    secondFactorDemandedAt: moment('second_factor_demanded_at'),
    /** Since when a partner that was cut off gets its new token without being asked for; null: somebody of the store consents first. */
    consentWaivedAt: moment('consent_waived_at'),
    /** `pause`: until somebody of the store has decided, and no longer than a week. */
    leakAnswer: text('leak_answer', { enum: leakAnswers }).notNull().default('revoke'),
  },
  (t) => [
    // With the name in a key, a pair that is added waits for a renaming and takes the new name.
    unique('stores_id_name').on(t.id, t.name),
    // An id is part of the store's host names, and those know no letter case.
    uniqueIndex('stores_by_host').on(sql`lower(${t.id})`),
    check('stores_id_shape', sql`${t.id} ~ '^(yhst-[0-9]{14,15}|[A-Za-z0-9-]{1,50})$'`),
    check('stores_name_length', sql`char_length(${t.name}) between 1 and 200`),
    check('stores_leak_answer', sql`${t.leakAnswer} in ('revoke', 'pause')`),
    check('stores_package', sql`${t.package} in ('starter', 'standard', 'professional', 'store-v1')`),
  ],
)
