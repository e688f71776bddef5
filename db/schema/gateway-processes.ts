import { integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/**
 * The processes of the gateway that say of themselves that they are alive. One that ends in order takes its row along, unless somebody
 * may still rely on its answers.
 */
export const gatewayProcesses = pgTable('gateway_processes', {
  id: uuid('id').primaryKey(),
  /** How people know it: host name and port by default. */
  name: text('name').notNull(),
  startedAt: moment('started_at').notNull(),
  heartbeatAt: moment('heartbeat_at').notNull(),
  /** What its look-up judges by: 1: revocations. 2: cut-offs as well. 3: pauses as well. One of the version before does not say. */
  lookUpVersion: integer('look_up_version').notNull().default(1),
  /** How long each client of `/introspect` may rely on an answer, in seconds, where it may at all. Null: one of the version before does not say. */
  maxAges: jsonb('max_ages').$type<Record<string, number>>(),
  /** It ended in order while answers of it could still be relied on. */
  endedAt: moment('ended_at'),
  /** Of one that ended: until when each client may rely on its answers, in seconds since 1970. */
  reliedUntil: jsonb('relied_until').$type<Record<string, number>>(),
  /** Where the worker calls it, and no other process. Null: one of the version before does not say. */
  address: text('address'),
})
