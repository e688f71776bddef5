import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { sides } from './revocations.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'

/**
 * What was chosen at a renewal: the old token is revoked by itself, in the name of who chose it. It counts only while
 * the successor is live, so that a revoked successor never takes the original along.
 */
export const retirementPlans = pgTable(
  'retirement_plans',
  {
    successorId: uuid('successor_id')
      .primaryKey()
      .references(() => tokens.id),
    /** The token to be revoked: the successor's predecessor. */
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id),
    /** Null: as soon as the successor is adopted. */
    retireAt: moment('retire_at'),
    plannedAt: moment('planned_at').notNull(),
    side: text('side', { enum: sides }).notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    /** As they were when it was planned; null in rows of before that. */
    userName: text('user_name'),
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    /** The old token ended, by the plan or otherwise, or the plan came to nothing. */
    settledAt: moment('settled_at'),
  },
  (t) => [
    check('retirement_plans_side', sql`${t.side} in ('merchant', 'partner')`),
    index('retirement_plans_open').on(t.retireAt, t.successorId).where(sql`${t.settledAt} is null`),
    index('retirement_plans_of_token').on(t.tokenId),
  ],
)
