import type { Queryable } from '#db/client.ts'
import { failedSince } from '#db/queries/notifications/webhook-deliveries.ts'
import { markFailing, markReached } from '#db/queries/notifications/webhook-endpoints.ts'
import { announce, type EventKind } from '../../events/announce.ts'

type Outcome = {
  endpointId: string
  deliveryId: string
  state: 'waiting' | 'delivered' | 'failed'
  attemptedAt: Date
  problem: string | null
}

/**
 * Of an endpoint where a delivery has failed for good its owners are notified, once until one is taken again; then of that.
 * @param tx before it writes the attempt: the endpoint is locked before its deliveries, as by everybody.
 */
export async function noteReach(tx: Queryable, outcome: Outcome): Promise<void> {
  const { endpointId, deliveryId, state, attemptedAt, problem } = outcome
  if (state === 'waiting') return
  if (state === 'delivered') {
    const owner = await markReached(tx, endpointId)
    if (owner) await notify(tx, 'webhook.recovered', owner, attemptedAt, { endpointId })
    return
  }
  const since = (await failedSince(tx, deliveryId)) ?? attemptedAt
  const owner = await markFailing(tx, endpointId, since)
  const details = { endpointId, since: since.toISOString(), ...(problem && { problem }) }
  if (owner) await notify(tx, 'webhook.failing', owner, attemptedAt, details)
}

async function notify(
  tx: Queryable,
  kind: EventKind,
  { storeId, partnerId }: { storeId: string | null; partnerId: string | null },
  occurredAt: Date,
  details: Record<string, string>,
) {
  const about = { storeId: storeId ?? '', partnerId: partnerId ?? '' }
  await announce(tx, [{ kind, occurredAt, ...about, tokenId: null, by: null, details }])
}
