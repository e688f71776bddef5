import { PgBoss } from 'pg-boss'
import { jobSchema } from '#db/job-queues.ts'
import type { Database } from '../database.ts'

type BossOptions = {
  db: Database
  onError: (error: Error) => void
  onWarning: (warning: { message: string }) => void
}

/** How soon the jobs of a worker that was killed are noticed. */
const superviseEverySeconds = 5

/** The queue, on our own pool and as the application's role: its tables are made by the migration. */
export function createBoss({ db, onError, onWarning }: BossOptions): PgBoss {
  const boss = new PgBoss({
    schema: jobSchema,
    db: { executeSql: (text, values) => db.$client.query(text, values) },
    migrate: false,
    superviseIntervalSeconds: superviseEverySeconds,
    monitorIntervalSeconds: superviseEverySeconds,
    // Both are for the owner of the tables.
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', onError)
  boss.on('warning', onWarning)
  return boss
}
