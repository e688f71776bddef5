import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** The processes of the gateway that say of themselves that they are alive. One that ends in order takes its row along. */
export const gatewayProcesses = pgTable('gateway_processes', {
  id: uuid('id').primaryKey(),
  /** How people know it: host name and port by default. */
  name: text('name').notNull(),
  startedAt: moment('started_at').notNull(),
  heartbeatAt: moment('heartbeat_at').notNull(),
  /** What its look-up judges by: 1: revocations. 2: cut-offs as well. 3: pauses as well. One of the version before does not say. */
  lookUpVersion: integer('look_up_version').notNull().default(1),
})
