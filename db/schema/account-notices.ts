import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { users } from './users.ts'

/** What happened to an account itself: its own lines in the person's inbox, of no store and no partner. */
export const accountNotices = pgTable(
  'account_notices',
  {
    /** Version 7. */
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    kind: text('kind').notNull(),
    details: jsonb('details').$type<Record<string, string>>(),
    occurredAt: moment('occurred_at').notNull(),
    readAt: moment('read_at'),
  },
  (t) => [
    index('account_notices_of_user').on(t.userId, t.id),
    index('account_notices_by_age').on(t.occurredAt),
  ],
)
