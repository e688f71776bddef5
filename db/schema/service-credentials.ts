import { sql } from 'drizzle-orm'
import { check, cidr, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { partners } from './partners.ts'
import { stores } from './stores.ts'
import { users } from './users.ts'

/** What a program may be let do by the management API. A closed list: each route needs one of them. */
export const credentialScopes = [
  ...(['read', 'issue', 'renew', 'collect', 'revoke', 'pause'] as const),
  ...(['plan', 'cut-off', 'webhooks', 'members', 'audit'] as const),
] as const

/**
 * With what a program works for a store or a partner (docs/decisions/024-management-api.md). A row changes once, when it is revoked: a
 * trigger stops everything else.
 */
export const serviceCredentials = pgTable(
  'service_credentials',
  {
    /** Version 7: the order in which they were made. */
    id: uuid('id').primaryKey(),
    /** SHA-256 of its text, which is kept nowhere. */
    hash: bytea('hash').notNull(),
    lastCharacters: text('last_characters').notNull(),
    /** Whose it is: one of the two. */
    storeId: text('store_id').references(() => stores.id),
    partnerId: text('partner_id').references(() => partners.id),
    name: text('name').notNull(),
    scopes: text('scopes', { enum: credentialScopes }).array().notNull(),
    /** From where it is accepted; none: from anywhere. */
    networks: cidr('networks').array().notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id),
    /** As they were. */
    createdByName: text('created_by_name').notNull(),
    createdByEmail: text('created_by_email'),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
    revokedBy: uuid('revoked_by').references(() => users.id),
    revokedByName: text('revoked_by_name'),
    revokedByEmail: text('revoked_by_email'),
  },
  (t) => [
    unique('service_credentials_hash').on(t.hash),
    check('service_credentials_owner', sql`num_nonnulls(${t.storeId}, ${t.partnerId}) = 1`),
    check('service_credentials_hash_length', sql`octet_length(${t.hash}) = 32`),
    check('service_credentials_last_characters_length', sql`char_length(${t.lastCharacters}) = 4`),
    check('service_credentials_name_length', sql`char_length(${t.name}) between 1 and 60`),
    check(
      'service_credentials_scopes',
      sql`cardinality(${t.scopes}) > 0 and ${t.scopes} <@ array['read', 'issue', 'renew', 'collect', 'revoke', 'pause', 'plan', 'cut-off', 'webhooks', 'members', 'audit']`,
    ),
    check('service_credentials_networks', sql`cardinality(${t.networks}) <= 20`),
    check(
      'service_credentials_lifetime',
      sql`${t.expiresAt} > ${t.createdAt} and ${t.expiresAt} - ${t.createdAt} <= interval '366 days'`,
    ),
    index('service_credentials_of_store').on(t.storeId, t.id).where(sql`${t.storeId} is not null`),
    index('service_credentials_of_partner').on(t.partnerId, t.id).where(sql`${t.partnerId} is not null`),
    index('service_credentials_by_expiry').on(t.expiresAt).where(sql`${t.revokedAt} is null`),
  ],
)

/** When and from where a credential was accepted last, right to the minute. No row: never. */
export const serviceCredentialUses = pgTable('service_credential_uses', {
  credentialId: uuid('credential_id')
    .primaryKey()
    .references(() => serviceCredentials.id),
  lastUsedAt: moment('last_used_at').notNull(),
  lastAddress: text('last_address'),
})
