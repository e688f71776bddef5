import { bigint, pgTable, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/**
 * The last batch of usage that each process of the gateway wrote: one that is sent again, because nobody knows what
 * became of it, is not counted twice. As few rows as processes, and so without an index by age.
 */
export const usageWriters = pgTable('usage_writers', {
  id: uuid('id').primaryKey(),
  lastBatch: bigint('last_batch', { mode: 'number' }).notNull(),
  writtenAt: moment('written_at').notNull(),
})
