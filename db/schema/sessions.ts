import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { users } from './users.ts'

/** One sign-in of a person on one device. The cookie names it; without a live row the cookie is worth nothing. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
    address: text('address'),
    userAgent: text('user_agent'),
    /** When the person last proved who they are: at sign-in, or later for what asks for a fresh proof. */
    provedAt: moment('proved_at'),
    /** What they proved it with beside a password or single sign-on; null: with nothing. */
    secondFactor: text('second_factor', { enum: ['passkey', 'recovery-code', 'issuer'] }),
  },
  (t) => [index('sessions_of_user').on(t.userId, t.expiresAt), index('sessions_by_expiry').on(t.expiresAt)],
)
