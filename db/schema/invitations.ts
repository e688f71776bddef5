import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { roles } from './members.ts'
import { partners } from './partners.ts'
import { stores } from './stores.ts'
import { users } from './users.ts'

/** An e-mail address is asked to work for a store or a partner. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').primaryKey(),
    /** SHA-256 of the secret in the mailed address. */
    hash: bytea('hash').notNull(),
    storeId: text('store_id').references(() => stores.id),
    partnerId: text('partner_id').references(() => partners.id),
    /** Lower case. */
    email: text('email').notNull(),
    role: text('role', { enum: roles }).notNull(),
    invitedAt: moment('invited_at').notNull(),
    invitedBy: uuid('invited_by')
      .notNull()
      .references(() => users.id),
    /** As they were; null in rows of before that. */
    invitedByName: text('invited_by_name'),
    invitedByEmail: text('invited_by_email'),
    expiresAt: moment('expires_at').notNull(),
    acceptedAt: moment('accepted_at'),
    acceptedBy: uuid('accepted_by').references(() => users.id),
    withdrawnAt: moment('withdrawn_at'),
    /** The mail that it went out with (`mails.id`), while that is kept; null: from before it was noted. */
    mailId: uuid('mail_id'),
  },
  (t) => [
    unique('invitations_hash').on(t.hash),
    check('invitations_owner', sql`num_nonnulls(${t.storeId}, ${t.partnerId}) = 1`),
    check('invitations_role', sql`${t.role} in ('owner', 'administrator', 'viewer')`),
    check('invitations_email_lower', sql`${t.email} = lower(${t.email})`),
    index('invitations_of_store')
      .on(t.storeId, t.id)
      .where(sql`${t.acceptedAt} is null and ${t.withdrawnAt} is null`),
    index('invitations_of_partner')
      .on(t.partnerId, t.id)
      .where(sql`${t.acceptedAt} is null and ${t.withdrawnAt} is null`),
  ],
)
