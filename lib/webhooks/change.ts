import { findEndpoint, lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { found, ok, type Result } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { checkTarget, readTarget, type TargetRefusal } from './delivery/target.ts'
import type { WebhookKind } from './kinds.ts'
import { recordWebhookChange } from './record-change.ts'

export type ChangeRefusal = 'signed-out' | 'not-allowed' | 'not-found' | TargetRefusal

/** Another address, or other kinds of event, from the next attempt and the next event on. */
export async function changeEndpoint(
  actor: Actor,
  { endpointId, url, kinds }: { endpointId: string; url: string; kinds: WebhookKind[] },
  { db, address, ...reach }: Omit<WebhookTools, 'keys'>,
): Promise<Result<{ endpointId: string }, ChangeRefusal>> {
  return changing(asChanger(actor), db, {
    first: () => checkTarget(url, reach),
    lock: async (tx) => found(await lockEndpoint(tx, actor, endpointId)),
    change: async (tx, _endpoint, target) => {
      const changed = { url: target.href, kinds }
      await updateEndpoint(tx, endpointId, changed)
      await recordWebhookChange(tx, {
        ...{ action: 'webhook.changed', change: 'address-and-kinds', by: actor, address, endpointId },
        ...{ url: changed.url, kinds: kinds.join(' ') },
      })
      return ok({ endpointId })
    },
  })
}

/** Whether the endpoint, where the actor has it, would be sent to another address than now; false where `url` is none. */
export async function leadsElsewhere(
  actor: Actor,
  { endpointId, url }: { endpointId: string; url: string },
  { db }: { db: Database },
): Promise<boolean> {
  const target = readTarget(url)
  const endpoint = target.ok ? await findEndpoint(db, actor, endpointId) : undefined
  return target.ok && endpoint !== undefined && endpoint.url !== target.value.href
}
