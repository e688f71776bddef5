import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { bulkPlanBooks } from '../../schema/bulk-plans.ts'
import { events } from '../../schema/events.ts'
import { mails } from '../../schema/mails.ts'
import { logQueue } from '../../schema/transparency-log.ts'
import { webhookDeliveries } from '../../schema/webhook-deliveries.ts'
import { putOffSeconds } from '../plans/bulk-plan-books.ts'

/** A backlog is counted no further, so that asking for it costs the same however long it is. */
export const maxBacklogCounted = 1_000

/**
 * What the workers have still to do. `oldestUndispatchedSeconds` is 0 where everything is dispatched. Mails, deliveries, plans and what
 * is not in the log of revocations yet are counted up
 * to {@link maxBacklogCounted}; a plan that was put off is due all the same.
 */
export async function readBacklog(db: Queryable) {
  const { rows } = await db.execute<{
    oldestUndispatchedSeconds: number
    mails: number
    deliveries: number
    plans: number
    unlogged: number
    oldestUnloggedSeconds: number
  }>(sql`
    select
      coalesce((select greatest(extract(epoch from clock_timestamp() - occurred_at), 0)::float8
        from ${events} where dispatched_at is null order by id limit 1), 0) as "oldestUndispatchedSeconds",
      (select count(*)::int from (select from ${mails}
        where sent_at is null and body is not null limit ${maxBacklogCounted}) waiting) as mails,
      (select count(*)::int from (select from ${webhookDeliveries}
        where state = 'waiting' limit ${maxBacklogCounted}) waiting) as deliveries,
      (select count(*)::int from (select from ${bulkPlanBooks}
        where due_at <= statement_timestamp() + make_interval(secs => ${putOffSeconds})
          and (due_at <= statement_timestamp() or step_tokens is not null) limit ${maxBacklogCounted}) waiting) as plans,
      (select count(*)::int from (select from ${logQueue} limit ${maxBacklogCounted}) waiting) as unlogged,
      coalesce((select greatest(extract(epoch from clock_timestamp() - queued_at), 0)::float8
        from ${logQueue} order by id limit 1), 0) as "oldestUnloggedSeconds"`)
  return rows[0]
}
