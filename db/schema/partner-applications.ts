import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { partners } from './partners.ts'
import { users } from './users.ts'

export const decisions = ['approved', 'declined'] as const

/** An Application for Partner Access: what a company tells of itself, and what the operator made of it. */
export const partnerApplications = pgTable(
  'partner_applications',
  {
    id: uuid('id').primaryKey(),
    submittedAt: moment('submitted_at').notNull(),
    company: text('company').notNull(),
    address: text('address').notNull(),
    contact: text('contact').notNull(),
    /** Lower case. */
    email: text('email').notNull(),
    phone: text('phone'),
    description: text('description').notNull(),
    /** From which network address it came. */
    submittedFrom: text('submitted_from'),
    decision: text('decision', { enum: decisions }),
    decidedAt: moment('decided_at'),
    decidedBy: uuid('decided_by').references(() => users.id),
    /** As they were; null in rows of before that. */
    decidedByName: text('decided_by_name'),
    decidedByEmail: text('decided_by_email'),
    /** What the applicant reads where it was declined. */
    answer: text('answer'),
    /** The mail that it went out with (`mails.id`), while that is kept; null: approved, or declined before it was noted. */
    answerMailId: uuid('answer_mail_id'),
    /** Issued with the approval. */
    partnerId: text('partner_id').references(() => partners.id),
  },
  (t) => [
    check('partner_applications_decision', sql`${t.decision} in ('approved', 'declined')`),
    check(
      'partner_applications_decided',
      sql`(${t.decision} is null) = (${t.decidedAt} is null) and (${t.decision} is null) = (${t.decidedBy} is null)`,
    ),
    check(
      'partner_applications_partner',
      sql`(${t.partnerId} is not null) = (${t.decision} is not distinct from 'approved')`,
    ),
    check('partner_applications_company_length', sql`char_length(${t.company}) between 1 and 200`),
    check('partner_applications_address_length', sql`char_length(${t.address}) between 1 and 500`),
    check('partner_applications_contact_length', sql`char_length(${t.contact}) between 1 and 200`),
    check('partner_applications_description_length', sql`char_length(${t.description}) between 1 and 2000`),
    check('partner_applications_answer_length', sql`char_length(${t.answer}) <= 500`),
    index('partner_applications_open').on(t.id).where(sql`${t.decision} is null`),
    index('partner_applications_decided_last').on(t.decidedAt, t.id).where(sql`${t.decision} is not null`),
  ],
)
