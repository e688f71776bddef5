import { sql } from 'drizzle-orm'
import { check, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** Who sent it: anybody by the page or its address, or a service that scans public code. */
export const reportSources = ['public', 'github', 'gitlab'] as const

/**
 * Reports of leaks that nobody has looked into yet: what stays of a text is SHA-256 of each token that may stand in it
 * (docs/decisions/028-leaks.md). The worker deletes a row as it acts on it.
 */
export const leakReports = pgTable(
  'leak_reports',
  {
    /** Version 7: the order in which they came. */
    id: uuid('id').primaryKey(),
    receivedAt: moment('received_at').notNull(),
    source: text('source', { enum: reportSources }).notNull(),
    /** From where it was sent. */
    address: text('address'),
    /** In hexadecimal. */
    hashes: text('hashes').array().notNull(),
    /** Where the tokens were found, without any of them. */
    foundAt: text('found_at'),
    /** The finder's own words, without any token. */
    words: text('words'),
  },
  (t) => [
    check('leak_reports_source', sql`${t.source} in ('public', 'github', 'gitlab')`),
    check('leak_reports_hashes', sql`cardinality(${t.hashes}) between 1 and 1000`),
    check('leak_reports_found_at', sql`char_length(${t.foundAt}) <= 2000`),
    check('leak_reports_words', sql`char_length(${t.words}) <= 500`),
  ],
)
