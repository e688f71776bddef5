import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { tokens } from './tokens.ts'

/** Calls with a token that was revoked before: refused, and worth knowing of. No row: nobody tried. */
export const revokedTokenAttempts = pgTable('revoked_token_attempts', {
  tokenId: uuid('token_id')
    .primaryKey()
    .references(() => tokens.id),
  attempts: bigint('attempts', { mode: 'number' }).notNull(),
  firstAt: moment('first_at').notNull(),
  lastAt: moment('last_at').notNull(),
  lastAddress: text('last_address'),
  lastClient: text('last_client'),
})
