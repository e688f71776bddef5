import { PgBoss } from 'pg-boss'
import { type JobQueue, jobSchema } from '#db/job-queues.ts'
import type { Database } from '#lib/process/database.ts'

type BossOptions = {
  db: Database
  onError: (error: Error) => void
  /** Called for each statement that the database answered. */
  onAnswer?: () => void
  onWarning: (warning: { message: string }) => void
  /** Called at the start with what wakes all that take jobs of a queue; those need not look often by themselves. */
  onStart?: (wake: (queue: JobQueue) => void) => void
}

/** How soon the jobs of a worker that was killed are noticed. */
const superviseEverySeconds = 5

/** The queue, on our own pool and as the application's role: its tables are made by the migration. */
export function createBoss({ db, onError, onWarning, onAnswer, onStart }: BossOptions): PgBoss {
  const boss = new PgBoss({
    schema: jobSchema,
    db: {
      async executeSql(text, values) {
        const result = await db.$client.query(text, values)
        onAnswer?.()
        return result
      },
      // pg-boss takes it for LISTEN, which a pooler between us and PostgreSQL would not let through.
      async listen(_channel, wake) {
        onStart?.(wake)
        return { close: async () => {} }
      },
    },
    useListenNotify: onStart !== undefined,
    migrate: false,
    superviseIntervalSeconds: superviseEverySeconds,
    monitorIntervalSeconds: superviseEverySeconds,
    // Both are for the owner of the tables.
    reindex: false,
    monitorVacuum: false,
  })
  // pg-boss passes some errors on as plain objects.
  boss.on('error', (error) => onError(error instanceof Error ? error : Object.assign(new Error(), error)))
  boss.on('warning', onWarning)
  return boss
}
