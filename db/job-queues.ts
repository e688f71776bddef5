import { type Client, escapeIdentifier } from 'pg'
import { PgBoss } from 'pg-boss'
import { appRole } from './client.ts'

/** Where pg-boss keeps its tables. */
export const jobSchema = 'pgboss'

const minute = 60
const hour = 60 * minute

/** A worker that was killed over a job is noticed after this. */
const heartbeatSeconds = 10

/** One at most, waiting or under way: the next one asks for all that this one left. */
const recurring = {
  policy: 'exclusive',
  retryLimit: 0,
  expireInSeconds: 10 * minute,
  heartbeatSeconds,
  deleteAfterSeconds: hour,
} as const

/** Every queue, with how its jobs are tried again; all times in seconds. */
export const jobQueues = {
  /** Tried for about two days: some seconds after the first failure, then ever more rarely, at most every four hours. */
  'send-mail': {
    retryLimit: 24,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 4 * hour,
    expireInSeconds: 2 * minute,
    heartbeatSeconds,
  },
  /** The delivery itself says when it is tried again; these are for a worker that was killed, or a database that was away. */
  'deliver-webhook': {
    retryLimit: 24,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: hour,
    expireInSeconds: minute,
    heartbeatSeconds,
    deleteAfterSeconds: hour,
  },
  remind: recurring,
  'remind-again': recurring,
  'follow-campaigns': recurring,
  'give-up-mails': recurring,
  'expire-handovers': recurring,
  retire: recurring,
  reencrypt: recurring,
  prune: recurring,
  'prune-usage': recurring,
} as const

export type JobQueue = keyof typeof jobQueues

/** Those that the clock asks for. */
export type RecurringQueue = {
  [Q in JobQueue]: (typeof jobQueues)[Q] extends typeof recurring ? Q : never
}[JobQueue]

/** Brings pg-boss's tables and our queues to the newest state, and lets the application's role work with them. */
export async function installJobQueues(client: Client) {
  const boss = new PgBoss({
    schema: jobSchema,
    db: { executeSql: (text, values) => client.query(text, values) },
    supervise: false,
    schedule: false,
  })
  await boss.start()
  try {
    for (const [name, options] of Object.entries(jobQueues)) {
      await boss.createQueue(name, options)
      const { policy: _, ...changeable } = { policy: undefined, ...options }
      await boss.updateQueue(name, changeable)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
  const role = escapeIdentifier(appRole)
  await client.query(`
    grant usage on schema ${jobSchema} to ${role};
    grant select, insert, update, delete on all tables in schema ${jobSchema} to ${role};
    grant usage on all sequences in schema ${jobSchema} to ${role}`)
}
