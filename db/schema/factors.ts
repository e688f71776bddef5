import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { users } from './users.ts'

/** A WebAuthn credential of a person: proves alone who they are, or beside the password. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    /** Base64url, as browsers send it. */
    credentialId: text('credential_id').notNull(),
    /** COSE. */
    publicKey: bytea('public_key').notNull(),
    /** The authenticator's own count of uses; many have none and say 0. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: text('transports').array().notNull(),
    /** What the person calls it. */
    name: text('name').notNull(),
    createdAt: moment('created_at').notNull(),
    lastUsedAt: moment('last_used_at'),
  },
  (t) => [
    unique('passkeys_credential').on(t.credentialId),
    index('passkeys_of_user').on(t.userId),
    check('passkeys_name_length', sql`char_length(${t.name}) between 1 and 60`),
    check('passkeys_credential_length', sql`char_length(${t.credentialId}) <= 1400`),
  ],
)

/** A code that stands in for a passkey, once. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    /** SHA-256 of the person's id and the code. */
    hash: bytea('hash').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: moment('created_at').notNull(),
    usedAt: moment('used_at'),
  },
  (t) => [index('recovery_codes_of_user').on(t.userId)],
)

/** A password, or single sign-on, that was right and needs a second factor. It is no session and opens nothing. */
export const firstSteps = pgTable(
  'first_steps',
  {
    /** SHA-256 of the secret in the browser's cookie. */
    hash: bytea('hash').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    method: text('method', { enum: ['password', 'single-sign-on'] }).notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [index('first_steps_of_user').on(t.userId), index('first_steps_by_expiry').on(t.expiresAt)],
)

/** Challenges that were answered: none is answered twice. Kept until they would have expired. */
export const usedChallenges = pgTable(
  'used_challenges',
  {
    hash: bytea('hash').primaryKey(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [index('used_challenges_by_expiry').on(t.expiresAt)],
)
