import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { type JobQueue, jobSchema } from '../../job-queues.ts'

/** Of these queues, those with a job that can be taken now. */
export async function listQueuesWithJobs(db: Queryable, queues: JobQueue[]): Promise<JobQueue[]> {
  const { rows } = await db.execute<{ name: JobQueue }>(sql`
    select name from unnest(${sql.param(queues)}::text[]) as asked (name) where exists (
      select from ${sql.identifier(jobSchema)}.job where job.name = asked.name
        and state < 'active' and not blocked and start_after <= now())`)
  return rows.map(({ name }) => name)
}
