import { currentTime } from '#db/queries/current-time.ts'
import { giveUpWaiting } from '#db/queries/notifications/webhook-deliveries.ts'
import { lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { found, ok, type Result } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { recordWebhookChange } from './record-change.ts'

/** It is sent nothing more, and is gone from the page. */
export async function removeEndpoint(
  actor: Actor,
  { endpointId }: { endpointId: string },
  { db, address }: Pick<WebhookTools, 'db' | 'address'>,
): Promise<Result<{ endpointId: string }, 'signed-out' | 'not-allowed' | 'not-found'>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => found(await lockEndpoint(tx, actor, endpointId)),
    change: async (tx, endpoint) => {
      await updateEndpoint(tx, endpointId, { removedAt: await currentTime(tx) })
      await giveUpWaiting(tx, endpointId)
      const { url } = endpoint
      await recordWebhookChange(tx, { action: 'webhook.removed', by: actor, address, endpointId, url })
      return ok({ endpointId })
    },
  })
}
