import { listAttemptsOf, listDeliveriesOf } from '#db/queries/notifications/webhook-deliveries.ts'
import { findEndpoint, listEndpoints } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { type Batches, byKey } from '../downloads/batches.ts'
import { idKeys, readPage, readPlace, writeCursor } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { maxEndpoints } from './limits.ts'

export type ListedEndpoint = Awaited<ReturnType<typeof listWebhooks>>[number]
export type DeliveryLog = NonNullable<Awaited<ReturnType<typeof readDeliveryLog>>>
export type ListedDelivery = DeliveryLog['deliveries'][number]

const deliveriesOnPage = 20
const attemptsShown = 20

/** The endpoints of the actor's store or partner, 20 at most, the oldest first; never their secrets. */
export async function listWebhooks(actor: Actor, { db }: { db: Database }) {
  return listEndpoints(db, actor, maxEndpoints)
}

/**
 * One endpoint with its deliveries, the newest first, 20 on a page, each with its last 20 attempts; null where it is not the
 * actor's.
 * @param after a cursor: the deliveries older than its own. One that nobody wrote shows the first page.
 * @param size of a page, instead of 20.
 */
export async function readDeliveryLog(
  actor: Actor,
  { endpointId, after }: { endpointId: string; after?: string | undefined },
  { db, size = deliveriesOnPage }: { db: Database; size?: number },
) {
  const endpoint = await findEndpoint(db, actor, endpointId)
  if (!endpoint) return null
  const place = readPlace({ after }, idKeys)
  const { rows, next } = await readPage({ size }, (limit) =>
    listDeliveriesOf(db, endpointId, { after: place?.keys, limit }),
  )
  const ids = rows.map(({ id }) => id)
  const attempts = Map.groupBy(await listAttemptsOf(db, ids, attemptsShown), ({ deliveryId }) => deliveryId)
  return {
    endpoint,
    deliveries: rows.map(({ attempts: count, ...delivery }) => ({
      ...delivery,
      attemptCount: count,
      attempts: attempts.get(delivery.id) ?? [],
    })),
    isFirst: !place,
    /** The cursor of the next page. */
    older: next && writeCursor([next.id]),
  }
}

/** Whether {@link readDeliveryLog} wrote it. */
export const isDeliveryCursor = (after: string) => readPlace({ after }, idKeys) !== undefined

export type LoggedDelivery = Awaited<ReturnType<typeof listDeliveriesOf>>[number] & {
  /** Undefined: none was made yet. */
  lastAttempt: Awaited<ReturnType<typeof listAttemptsOf>>[number] | undefined
}

/** All deliveries of one endpoint, the newest first, each with its last attempt; null where the endpoint is not the actor's. */
export async function allDeliveries(
  actor: Actor,
  endpointId: string,
  { db }: { db: Database },
): Promise<Batches<LoggedDelivery> | null> {
  if (!(await findEndpoint(db, actor, endpointId))) return null
  return byKey<LoggedDelivery, string>(
    async (snapshot, page) => {
      const rows = await listDeliveriesOf(snapshot, endpointId, page)
      const ids = rows.map(({ id }) => id)
      const attempts = new Map((await listAttemptsOf(snapshot, ids, 1)).map((one) => [one.deliveryId, one]))
      return rows.map((row) => ({ ...row, lastAttempt: attempts.get(row.id) }))
    },
    ({ id }) => id,
  )
}
