import { pgTable, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { tokens } from './tokens.ts'

/** The first accepted call with a token that renewed another one: the partner has switched over. */
export const tokenAdoptions = pgTable('token_adoptions', {
  tokenId: uuid('token_id')
    .primaryKey()
    .references(() => tokens.id),
  adoptedAt: moment('adopted_at').notNull(),
})
