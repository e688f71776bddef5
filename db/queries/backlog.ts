import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { events } from '../schema/events.ts'
import { mails } from '../schema/mails.ts'
import { webhookDeliveries } from '../schema/webhook-deliveries.ts'

/** What the workers have still to do. `oldestUntoldSeconds` is 0 where everything is told. */
export async function readBacklog(db: Queryable) {
  const { rows } = await db.execute<{ oldestUntoldSeconds: number; mails: number; deliveries: number }>(sql`
    select
      coalesce((select greatest(extract(epoch from clock_timestamp() - occurred_at), 0)::float8
        from ${events} where dispatched_at is null order by id limit 1), 0) as "oldestUntoldSeconds",
      (select count(*)::int from ${mails} where sent_at is null and body is not null) as mails,
      (select count(*)::int from ${webhookDeliveries} where state = 'waiting') as deliveries`)
  return rows[0]
}
