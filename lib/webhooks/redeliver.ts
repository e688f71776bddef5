import { lockDelivery, makeWaitAgain } from '#db/queries/notifications/webhook-deliveries.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { recordWebhookChange } from './record-change.ts'

/** `waiting`: it goes out by itself. `disabled`: its endpoint is sent nothing. */
export type RedeliverRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'waiting' | 'disabled'

/** Sends what was delivered, or had failed, once more under the same `webhook-id`, at the worker's next look. */
export async function redeliver(
  actor: Actor,
  { deliveryId }: { deliveryId: string },
  { db, address }: Pick<WebhookTools, 'db' | 'address'>,
): Promise<Result<{ endpointId: string }, RedeliverRefusal>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => found(await lockDelivery(tx, actor, deliveryId)),
    change: async (tx, delivery) => {
      if (delivery.state === 'waiting') return refuse('waiting')
      if (delivery.disabledAt) return refuse('disabled')
      await makeWaitAgain(tx, deliveryId)
      const { endpointId, url } = delivery
      const changed = { action: 'webhook.changed', change: 'redelivered', by: actor, address } as const
      await recordWebhookChange(tx, { ...changed, endpointId, url, deliveryId })
      return ok({ endpointId })
    },
  })
}
