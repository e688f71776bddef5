import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { cuttingSides } from './revocations.ts'
import { users } from './users.ts'

/** Why everything is cut off: a part of the reasons of revocations, where each of its tokens is written down with it. */
export const cutOffReasons = ['exposed', 'no-longer-working-together', 'other'] as const

/**
 * Every token of a store, of a partner or of the pair that was issued up to `at` is revoked, but those that had expired by
 * then. The application's role may insert and read rows here, never change or delete one (docs/decisions/016-cut-offs.md).
 */
export const cutOffs = pgTable(
  'cut_offs',
  {
    id: uuid('id').primaryKey(),
    /** '' where it is about a partner at all its stores. */
    storeId: text('store_id').notNull(),
    /** '' where it is about a store with all its partners. */
    partnerId: text('partner_id').notNull(),
    /** Both, by which a look-up finds it: each token asks for its pair, its store and its partner. No id holds a space. */
    extent: text('extent').notNull().generatedAlwaysAs(sql`store_id || ' ' || partner_id`),
    /** By the database, while nobody was issuing: no token that was there is later, and every token since then is. */
    at: moment('at').notNull(),
    side: text('side', { enum: cuttingSides }).notNull(),
    /** Null: applied again after a restore, for somebody whom the backup does not have. */
    userId: uuid('user_id').references(() => users.id),
    /** As they were. An operator has no role on either side. */
    userName: text('user_name'),
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    /** With which a program did it: then the person is who made it. */
    credentialId: uuid('credential_id'),
    reason: text('reason', { enum: cutOffReasons }).notNull(),
    /** The words of reason `other`. */
    note: text('note'),
  },
  (t) => [
    check('cut_offs_of_somebody', sql`${t.storeId} <> '' or ${t.partnerId} <> ''`),
    check('cut_offs_side', sql`${t.side} in ('merchant', 'partner', 'operator')`),
    check(
      'cut_offs_by_somebody',
      sql`${t.userId} is not null or ${t.side} = 'partner' or starts_with(coalesce(${t.note}, ''), 'Applied again after a restore')`,
    ),
    check('cut_offs_reason', sql`${t.reason} in ('exposed', 'no-longer-working-together', 'other')`),
    check('cut_offs_note_length', sql`char_length(${t.note}) <= 500`),
    index('cut_offs_of_tokens').on(t.extent, t.at),
    index('cut_offs_of_store').on(t.storeId, t.at),
    index('cut_offs_of_partner').on(t.partnerId, t.at),
    index('cut_offs_of_all_stores').on(t.partnerId, t.at).where(sql`${t.storeId} = ''`),
    index('cut_offs_of_all_stores_by_time').on(t.at).where(sql`${t.storeId} = ''`),
    index('cut_offs_by_time').on(t.at),
  ],
)

/** How far the worker has come in writing down, token by token, what a cut-off ended. It decides nothing. */
export const cutOffBooks = pgTable(
  'cut_off_books',
  {
    cutOffId: uuid('cut_off_id')
      .primaryKey()
      .references(() => cutOffs.id),
    /** Live tokens that it ended, and at how many stores or partners; null until the worker has counted. */
    tokens: bigint('tokens', { mode: 'number' }),
    others: bigint('others', { mode: 'number' }),
    /** Of those, written down. */
    done: bigint('done', { mode: 'number' }).notNull().default(0),
    /** The last token looked at, in the order in which they were made. */
    lastCreatedAt: timestamp('last_created_at', { withTimezone: true, precision: 3, mode: 'string' }),
    lastTokenId: uuid('last_token_id'),
    finishedAt: moment('finished_at'),
  },
  (t) => [index('cut_off_books_open').on(t.cutOffId).where(sql`${t.finishedAt} is null`)],
)
