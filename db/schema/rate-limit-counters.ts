import { bigint, integer, pgTable, varchar } from 'drizzle-orm/pg-core'

/** Guesses of a password and whatever else is throttled, counted by rate-limiter-flexible, whose table layout this is. */
export const rateLimitCounters = pgTable('rate_limit_counters', {
  key: varchar('key', { length: 255 }).primaryKey(),
  points: integer('points').notNull().default(0),
  /** Milliseconds since 1970; null: never. */
  expire: bigint('expire', { mode: 'number' }),
})
