import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { sides } from './revocations.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'

/**
 * The text of a new token on its way to who will use it: kept encrypted until one side collects it, or until it is too
 * late; after that nobody can read it again.
 */
export const handovers = pgTable(
  'handovers',
  {
    tokenId: uuid('token_id')
      .primaryKey()
      .references(() => tokens.id),
    /** As `lib/encryption/encryption.ts` writes it; null: collected, too late, or not needed any more. */
    encryptedText: text('encrypted_text'),
    collectUntil: moment('collect_until').notNull(),
    collectedAt: moment('collected_at'),
    collectedFrom: text('collected_from', { enum: sides }),
    collectedBy: uuid('collected_by').references(() => users.id),
    /** As they were; null in rows of before that: then the audit record has the name. */
    collectedByName: text('collected_by_name'),
    collectedByEmail: text('collected_by_email'),
    collectedByRole: text('collected_by_role', { enum: roles }),
    /** The service credential of the program that was handed it: then the person made that, and never saw the text. */
    collectedByCredential: uuid('collected_by_credential'),
  },
  (t) => [
    check('handovers_collected_from', sql`${t.collectedFrom} in ('merchant', 'partner')`),
    check(
      'handovers_collected',
      sql`(${t.collectedAt} is null) = (${t.collectedFrom} is null) and (${t.collectedAt} is null) = (${t.collectedBy} is null)`,
    ),
    check('handovers_gone_when_collected', sql`${t.collectedAt} is null or ${t.encryptedText} is null`),
    index('handovers_waiting').on(t.collectUntil, t.tokenId).where(sql`${t.encryptedText} is not null`),
  ],
)
