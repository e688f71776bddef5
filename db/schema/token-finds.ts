import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { sides } from './revocations.ts'
import { users } from './users.ts'

/**
 * Which tokens somebody found in a text that they pasted: nothing of the text itself (docs/decisions/022-find.md). Its maker alone sees it,
 * for a day. The application's role may insert and delete rows, never change one.
 */
export const tokenFinds = pgTable(
  'token_finds',
  {
    /** Version 7: the order in which they were made. */
    id: uuid('id').primaryKey(),
    side: text('side', { enum: sides }).notNull(),
    /** Whose tokens they are; '' for the other one of the two. */
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    foundAt: moment('found_at').notNull(),
    /** First those whose text stood there, then those whose id did, then those that a short line was looked for as. */
    tokenIds: uuid('token_ids').array().notNull(),
    byText: integer('by_text').notNull(),
    byId: integer('by_id').notNull(),
    /** Of each: the first line that it stood on, from 1, and on how many. */
    firstLines: integer('first_lines').array().notNull(),
    lineCounts: integer('line_counts').array().notNull(),
    /** There were more than are kept. */
    isMore: boolean('is_more').notNull(),
    /** Texts that a token may have and that none of the party's has. */
    otherTexts: integer('other_texts').notNull(),
    /** Texts with the form of a token whose checksum is wrong. */
    brokenTexts: integer('broken_texts').notNull(),
    /** Lines that were searched. */
    textLines: integer('text_lines').notNull(),
  },
  (t) => [
    check(
      'token_finds_of_side',
      sql`(${t.side} = 'merchant' and ${t.storeId} <> '' and ${t.partnerId} = '') or (${t.side} = 'partner' and ${t.partnerId} <> '' and ${t.storeId} = '')`,
    ),
    check(
      'token_finds_lines',
      sql`cardinality(${t.firstLines}) = cardinality(${t.tokenIds}) and cardinality(${t.lineCounts}) = cardinality(${t.tokenIds}) and ${t.byText} + ${t.byId} <= cardinality(${t.tokenIds})`,
    ),
    index('token_finds_of_user').on(t.userId, t.id),
    index('token_finds_by_age').on(t.foundAt),
  ],
)
