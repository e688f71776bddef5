import type { PgBoss } from 'pg-boss'
import { v5 as uuidv5 } from 'uuid'
import { listDueDeliveries } from '#db/queries/notifications/webhook-deliveries.ts'
import type { Database } from '../../process/database.ts'

/** Any constant: the namespace of the jobs' ids. */
const namespace = '5b6f0f6e-0d0c-4f57-9b7e-6b1f3a3f6c11'
/** At one look. */
const limits = { ofEndpoint: 10, all: 500 }

/**
 * Puts deliveries whose next attempt is due into the queue. A job's id is that of its attempt: it is there once. Its group is
 * the store or the partner that is notified.
 */
export async function queueDueDeliveries(
  boss: Pick<PgBoss, 'insert'>,
  { db }: { db: Database },
): Promise<void> {
  const due = await listDueDeliveries(db, limits)
  if (due.length === 0) return
  const jobs = due.map(({ id, version, storeId, partnerId }) => ({
    id: uuidv5(`${id} ${version}`, namespace),
    data: { deliveryId: id },
    group: { id: storeId === null ? `partner ${partnerId}` : `store ${storeId}` },
  }))
  await boss.insert('deliver-webhook', jobs)
}
