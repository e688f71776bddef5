import { type SQLWrapper, sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { users } from './users.ts'

/**
 * When to look whether an unsent mail is to be given up: as it expires, and after each try. Null: not before it is tried.
 * What was tried before `next_look_at` was there is looked at at once.
 */
export const lookAt = (t: { expiresAt: SQLWrapper; attempts: SQLWrapper; nextLookAt: SQLWrapper }) =>
  sql`least(${t.expiresAt}, case when ${t.attempts} > 0 then coalesce(${t.nextLookAt}, '-infinity') end)`

/** What goes out by e-mail: written in the transaction that makes it due, sent by a job, always under the same Message-ID. */
export const mails = pgTable(
  'mails',
  {
    /** Version 7; the left part of the Message-ID. */
    id: uuid('id').primaryKey(),
    /** Null: somebody who is no user yet. */
    userId: uuid('user_id').references(() => users.id),
    toAddress: text('to_address').notNull(),
    subject: text('subject').notNull(),
    /** Null: was sent or given up, and nothing of it is kept. The demo keeps what was sent, to show it. */
    body: text('body'),
    /** Where one click ends mails of this kind (RFC 8058); null: it cannot be refused. */
    unsubscribeUrl: text('unsubscribe_url'),
    createdAt: moment('created_at').notNull(),
    /** When the address in it is worth nothing any more; null: it may go out however late. */
    expiresAt: moment('expires_at'),
    sentAt: moment('sent_at'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    /** It is not tried again; `lastError` says why. */
    givenUpAt: moment('given_up_at'),
    /** Of one that was tried: when to look whether something still tries it. Each try sets it anew, by a trigger. */
    nextLookAt: moment('next_look_at'),
  },
  (t) => [
    index('mails_to_queue')
      .on(sql`(${t.unsubscribeUrl} is not null)`, t.id)
      .where(sql`${t.attempts} = 0 and ${t.body} is not null`),
    index('mails_unsent').on(t.id).where(sql`${t.sentAt} is null and ${t.body} is not null`),
    index('mails_to_look_at').on(lookAt(t)).where(sql`${t.sentAt} is null and ${t.body} is not null`),
    index('mails_by_age').on(t.createdAt),
  ],
)
