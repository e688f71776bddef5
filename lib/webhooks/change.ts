import { lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import { type Actor, mayChangeTokens } from '../access/actor.ts'
import { refusalOfRole } from '../access/refusal-of-role.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { checkTarget, type TargetRefusal } from './delivery/target.ts'
import type { WebhookKind } from './kinds.ts'
import { recordWebhookChange } from './record-change.ts'

export type ChangeRefusal = 'signed-out' | 'not-allowed' | 'not-found' | TargetRefusal

/** Another address, or other kinds of event, from the next attempt and the next event on. */
export async function changeEndpoint(
  actor: Actor,
  { endpointId, url, kinds }: { endpointId: string; url: string; kinds: WebhookKind[] },
  { db, address, ...reach }: Omit<WebhookTools, 'keys'>,
): Promise<Result<{ endpointId: string }, ChangeRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const target = await checkTarget(url, reach)
  if (!target.ok) return target
  return db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, actor, endpointId)
    if (!endpoint) return refuse('not-found')
    const refusalNow = await refusalOfRole(tx, actor)
    if (refusalNow) return refuse(refusalNow)
    const changed = { url: target.value.href, kinds }
    await updateEndpoint(tx, endpointId, changed)
    await recordWebhookChange(tx, {
      ...{ action: 'webhook.changed', change: 'address-and-kinds', by: actor, address, endpointId },
      ...{ url: changed.url, kinds: kinds.join(' ') },
    })
    return ok({ endpointId })
  })
}
