import { currentTime } from '#db/queries/current-time.ts'
import { giveUpWaiting } from '#db/queries/notifications/webhook-deliveries.ts'
import { lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import { type Actor, mayChangeTokens } from '../access/actor.ts'
import { refusalOfRole } from '../access/refusal-of-role.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { recordWebhookChange } from './record-change.ts'

/** It is sent nothing more, and is gone from the page. */
export async function removeEndpoint(
  actor: Actor,
  { endpointId }: { endpointId: string },
  { db, address }: Pick<WebhookTools, 'db' | 'address'>,
): Promise<Result<{ endpointId: string }, 'signed-out' | 'not-allowed' | 'not-found'>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  return db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, actor, endpointId)
    if (!endpoint) return refuse('not-found')
    const refusalNow = await refusalOfRole(tx, actor)
    if (refusalNow) return refuse(refusalNow)
    await updateEndpoint(tx, endpointId, { removedAt: await currentTime(tx) })
    await giveUpWaiting(tx, endpointId)
    const { url } = endpoint
    await recordWebhookChange(tx, { action: 'webhook.removed', by: actor, address, endpointId, url })
    return ok({ endpointId })
  })
}
