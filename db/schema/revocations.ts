import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'

export const sides = ['merchant', 'partner'] as const
/** From where all tokens of a store or partner may be cut off: an operator of the platform may, too. */
export const cuttingSides = [...sides, 'operator'] as const
export type CuttingSide = (typeof cuttingSides)[number]
/** From where a token may be ended: by a cut-off, or because somebody of the public reported that it had leaked. */
export const endingSides = [...cuttingSides, 'public'] as const
export type EndingSide = (typeof endingSides)[number]
export const reasons = [
  'no-longer-working-together',
  'exposed',
  'another-expiry-date',
  'replaced',
  'access-removed',
  'other',
] as const

/**
 * So begins the note of what was applied again after a restore. Of a person whom the restored database does not have it names the id: then
 * nobody else is on record as having done it.
 */
export const appliedAgain = 'Applied again after a restore'

/**
 * The end of a token before its time, of its own or as one of those that a cut-off ended. The primary key makes a second
 * revocation impossible; the application's role may insert and read rows here, never change or delete one
 * (docs/decisions/005-facts-not-flags.md).
 * Store and partner are the token's own, repeated so that the record of either side pages by an index.
 */
export const revocations = pgTable(
  'revocations',
  {
    tokenId: uuid('token_id')
      .primaryKey()
      .references(() => tokens.id),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    revokedAt: moment('revoked_at').notNull(),
    side: text('side', { enum: endingSides }).notNull(),
    /**
     * Null: a program of the partner, which proved itself with the token (RFC 7009), or a report of a leak, or as of {@link appliedAgain}.
     */
    userId: uuid('user_id').references(() => users.id),
    /** Name, address and role as they were; null in rows of before that: then the audit record has the name. */
    userName: text('user_name'),
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    /** Null: whoever revoked gave none. */
    reason: text('reason', { enum: reasons }),
    /** The words of reason `other`. */
    note: text('note'),
  },
  (t) => [
    check('revocations_side', sql`${t.side} in ('merchant', 'partner', 'operator', 'public')`),
    check(
      'revocations_reason',
      sql`${t.reason} in ('no-longer-working-together', 'exposed', 'another-expiry-date', 'replaced', 'access-removed', 'other')`,
    ),
    check(
      'revocations_by_program',
      sql`${t.userId} is not null or ${t.side} in ('partner', 'public') or starts_with(coalesce(${t.note}, ''), 'Applied again after a restore')`,
    ),
    check('revocations_note_length', sql`char_length(${t.note}) <= 500`),
    index('revocations_of_store').on(t.storeId, t.revokedAt, t.tokenId),
    index('revocations_of_partner').on(t.partnerId, t.revokedAt, t.tokenId),
    // Both for lists of those that one side ended, or that ended for one reason, however few they are.
    index('revocations_of_store_by_cause').on(
      t.storeId,
      t.side,
      sql`coalesce(${t.reason}, '')`,
      t.revokedAt,
      t.tokenId,
    ),
    index('revocations_of_partner_by_cause').on(
      t.partnerId,
      t.side,
      sql`coalesce(${t.reason}, '')`,
      t.revokedAt,
      t.tokenId,
    ),
  ],
)
