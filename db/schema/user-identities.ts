import { pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { users } from './users.ts'

/**
 * Who a person is at an OpenID Connect issuer, bound at the first sign-in there. From then on the subject decides, and no
 * longer the address, which may be given to somebody else (OpenID Connect Core, 5.7).
 */
export const userIdentities = pgTable(
  'user_identities',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    boundAt: moment('bound_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.issuer, t.subject] }),
    unique('user_identities_of_user').on(t.userId, t.issuer),
  ],
)
