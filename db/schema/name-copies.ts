import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'

/**
 * Stores and partners that were renamed, while their new name is still to be copied to `partner_access`. Written by triggers.
 * One statement for all rows would lock them until it commits, and revocations would wait for it.
 */
export const nameCopies = pgTable(
  'name_copies',
  {
    /** `store` where a party's side is `merchant`: the triggers of the version before write it so. The next version renames it. */
    side: text('side', { enum: ['store', 'partner'] }).notNull(),
    partyId: text('party_id').notNull(),
    /** The other party of the last row that was looked at. */
    afterId: text('after_id').notNull().default(''),
    /** Somebody held a row on the way: the rows are walked once more. */
    hasSkipped: boolean('has_skipped').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.side, t.partyId] }),
    check('name_copies_side', sql`${t.side} in ('store', 'partner')`),
  ],
)
