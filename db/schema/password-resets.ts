import { index, pgTable, uuid } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { users } from './users.ts'

/** A mailed address that sets a new password, once. */
export const passwordResets = pgTable(
  'password_resets',
  {
    /** SHA-256 of the secret in the address. */
    hash: bytea('hash').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    usedAt: moment('used_at'),
  },
  (t) => [index('password_resets_of_user').on(t.userId), index('password_resets_by_age').on(t.createdAt)],
)
