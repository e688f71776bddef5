import { pgTable, uuid } from 'drizzle-orm/pg-core'

/**
 * Tokens whose last use could not be noted in `live_tokens`, because somebody had their row in hand: the worker notes it. Written by
 * the functions of migration 0043 alone.
 */
export const lateUses = pgTable('late_uses', { tokenId: uuid('token_id').primaryKey() })
