import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { partnerAccess } from './partner-access.ts'

/**
 * A partner access token: one store, one partner. A row never changes once it is written: a revocation
 * is a row of `revocations`, a use one of `token_usage`, a successor another token.
 */
export const tokens = pgTable(
  'tokens',
  {
    id: uuid('id').primaryKey(),
    /** SHA-256 of the token's text, which is kept nowhere. */
    hash: bytea('hash').notNull(),
    lastCharacters: text('last_characters').notNull(),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    /** The token that this one renewed. */
    predecessorId: uuid('predecessor_id'),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [
    unique('tokens_hash').on(t.hash),
    foreignKey({
      name: 'tokens_access',
      columns: [t.storeId, t.partnerId],
      foreignColumns: [partnerAccess.storeId, partnerAccess.partnerId],
    }),
    foreignKey({ name: 'tokens_predecessor', columns: [t.predecessorId], foreignColumns: [t.id] }),
    check('tokens_hash_length', sql`octet_length(${t.hash}) = 32`),
    check('tokens_last_characters_length', sql`char_length(${t.lastCharacters}) = 4`),
    index('tokens_of_pair').on(t.storeId, t.partnerId, t.expiresAt, t.id),
    index('tokens_of_pair_by_creation').on(t.storeId, t.partnerId, t.createdAt, t.id),
    index('tokens_of_store_by_expiry').on(t.storeId, t.expiresAt, t.id),
    index('tokens_of_store_by_creation').on(t.storeId, t.createdAt, t.id),
    index('tokens_of_partner_by_expiry').on(t.partnerId, t.expiresAt, t.id),
    index('tokens_of_partner_by_creation').on(t.partnerId, t.createdAt, t.id),
    // Both for a search by what people read of a token.
    index('tokens_of_store_by_last_characters').on(t.storeId, sql`lower(${t.lastCharacters})`),
    index('tokens_of_partner_by_last_characters').on(t.partnerId, sql`lower(${t.lastCharacters})`),
    index('tokens_by_expiry').on(t.expiresAt, t.id),
    index('tokens_successors').on(t.predecessorId).where(sql`${t.predecessorId} is not null`),
  ],
)
