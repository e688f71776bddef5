import { listAttemptsOf, listDeliveriesOf } from '#db/queries/notifications/webhook-deliveries.ts'
import { findEndpoint, listEndpoints } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { readPage } from '../http/paging.ts'
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
 * @param before a delivery's id: the page begins after it.
 */
export async function readDeliveryLog(
  actor: Actor,
  { endpointId, before }: { endpointId: string; before?: string | undefined },
  { db }: { db: Database },
) {
  const endpoint = await findEndpoint(db, actor, endpointId)
  if (!endpoint) return null
  const { rows, next } = await readPage({ size: deliveriesOnPage }, (limit) =>
    listDeliveriesOf(db, endpointId, { before, limit }),
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
    /** Where the next page begins. */
    next: next?.id ?? null,
  }
}
