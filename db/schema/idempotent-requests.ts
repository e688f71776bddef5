import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { serviceCredentials } from './service-credentials.ts'

/**
 * A change that a program asked for under a key of its own: whoever sends it again, because no answer came, gets the first answer. Kept for
 * a day. The text of a token is in none.
 */
export const idempotentRequests = pgTable(
  'idempotent_requests',
  {
    credentialId: uuid('credential_id')
      .notNull()
      .references(() => serviceCredentials.id),
    /** SHA-256 of what stood in `Idempotency-Key`. */
    keyHash: bytea('key_hash').notNull(),
    /** SHA-256 of the address and the body. */
    requestHash: bytea('request_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    /** Both null while it is under way, or where its process died meanwhile. */
    status: integer('status'),
    answer: text('answer'),
  },
  (t) => [
    primaryKey({ columns: [t.credentialId, t.keyHash] }),
    check(
      'idempotent_requests_hashes',
      sql`octet_length(${t.keyHash}) = 32 and octet_length(${t.requestHash}) = 32`,
    ),
    check('idempotent_requests_answer', sql`(${t.status} is null) = (${t.answer} is null)`),
    index('idempotent_requests_by_age').on(t.createdAt),
  ],
)
