import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { webhookEndpoints } from './webhook-endpoints.ts'

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const

/** One event for one endpoint. Its id is the `webhook-id` of every attempt, so that a receiver can tell a repetition. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    /** Version 7. */
    id: uuid('id').primaryKey(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id),
    /** Below zero: a test, of no event. */
    eventId: bigint('event_id', { mode: 'number' }).notNull(),
    kind: text('kind').notNull(),
    /** The JSON that is signed and sent, byte by byte the same at each attempt. */
    payload: text('payload').notNull(),
    createdAt: moment('created_at').notNull(),
    state: text('state', { enum: deliveryStates }).notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    /** Of one that waits: not before then. */
    nextAttemptAt: moment('next_attempt_at').notNull().default(sql`now()`),
  },
  (t) => [
    unique('webhook_deliveries_of_event').on(t.endpointId, t.eventId),
    check('webhook_deliveries_state', sql`${t.state} in ('waiting', 'delivered', 'failed')`),
    index('webhook_deliveries_of_endpoint').on(t.endpointId, t.id),
    index('webhook_deliveries_by_age').on(t.createdAt),
    index('webhook_deliveries_waiting')
      .on(t.endpointId, t.nextAttemptAt, t.id)
      .where(sql`${t.state} = 'waiting'`),
    index('webhook_deliveries_due')
      .on(sql`(${t.nextAttemptAt} at time zone 'UTC')`, t.id)
      .where(sql`${t.state} = 'waiting'`),
  ],
)

/** What came of each attempt of a delivery. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    id: uuid('id').primaryKey(),
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => webhookDeliveries.id, { onDelete: 'cascade' }),
    attemptedAt: moment('attempted_at').notNull(),
    durationMs: integer('duration_ms').notNull(),
    /** HTTP status; null: there was no answer. */
    status: integer('status'),
    /** Why there was none, or the beginning of an answer that was not 2xx. */
    problem: text('problem'),
  },
  (t) => [index('webhook_attempts_of_delivery').on(t.deliveryId, t.attemptedAt)],
)
