import { pgTable, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/**
 * Plans of which the worker did something that the synchronous standby has not confirmed, for whoever reads their page. It decides
 * nothing: a row goes once the standby has all that was written by then.
 */
export const unconfirmedPlans = pgTable('unconfirmed_plans', {
  planId: uuid('plan_id').primaryKey(),
  /** Of the last step that it did not confirm. */
  notedAt: moment('noted_at').notNull(),
})
