import { currentTime } from '#db/queries/current-time.ts'
import { giveUpWaiting } from '#db/queries/notifications/webhook-deliveries.ts'
import { lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { found, ok, type Result } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { recordWebhookChange } from './record-change.ts'

/** Disabled, it is sent nothing: what waits is given up, and what happens meanwhile is not made up for. */
export async function switchEndpoint(
  actor: Actor,
  { endpointId, to }: { endpointId: string; to: 'enabled' | 'disabled' },
  { db, address }: Pick<WebhookTools, 'db' | 'address'>,
): Promise<Result<{ endpointId: string }, 'signed-out' | 'not-allowed' | 'not-found'>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => found(await lockEndpoint(tx, actor, endpointId)),
    change: async (tx, endpoint) => {
      if ((endpoint.disabledAt === null) === (to === 'enabled')) return ok({ endpointId })
      await updateEndpoint(tx, endpointId, { disabledAt: to === 'enabled' ? null : await currentTime(tx) })
      if (to === 'disabled') await giveUpWaiting(tx, endpointId)
      const { url } = endpoint
      await recordWebhookChange(tx, {
        ...{ action: 'webhook.changed', change: to, by: actor, address, endpointId, url },
      })
      return ok({ endpointId })
    },
  })
}
