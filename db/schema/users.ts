import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** How dates and numbers are written. */
export const languages = ['en-GB', 'en-US'] as const

export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    /** Lower case. */
    email: text('email').notNull(),
    name: text('name').notNull(),
    /** Argon2id; null for people who sign in through OpenID Connect only. */
    passwordHash: text('password_hash'),
    createdAt: moment('created_at').notNull().defaultNow(),
    disabledAt: moment('disabled_at'),
    /** Decides on applications for partner access. */
    isOperator: boolean('is_operator').notNull().default(false),
    language: text('language', { enum: languages }).notNull().default('en-GB'),
    /** IANA; null: that of the browser. */
    timeZone: text('time_zone'),
    /** IANA; what the browser said at the last sign-in: for mails to who has chosen none. */
    browserTimeZone: text('browser_time_zone'),
    /** Why the last mail to the person was given up, and since when; null: the last one was taken. */
    mailProblem: text('mail_problem'),
    mailProblemSince: moment('mail_problem_since'),
    /** Kinds of notification that the person does not want by e-mail (`lib/notifications/kinds.ts`). */
    mutedMails: text('muted_mails').array().notNull().default(sql`'{}'`),
  },
  (t) => [
    unique('users_email').on(t.email),
    check('users_email_lower', sql`${t.email} = lower(${t.email})`),
    check('users_language', sql`${t.language} in ('en-GB', 'en-US')`),
    check('users_time_zone_length', sql`char_length(${t.timeZone}) <= 60`),
    check('users_name_length', sql`char_length(${t.name}) between 1 and 200`),
  ],
)
