import { lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import { type Actor, mayChangeTokens } from '../access/actor.ts'
import { refusalOfRole } from '../access/refusal-of-role.ts'
import { encrypt } from '../encryption/encryption.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { recordWebhookChange } from './record-change.ts'
import { createWebhookSecret } from './secret.ts'

/** Signs with another secret from the next attempt on; it is handed out here and never again. */
export async function rollSecret(
  actor: Actor,
  { endpointId }: { endpointId: string },
  { db, address, keys }: Pick<WebhookTools, 'db' | 'address' | 'keys'>,
): Promise<Result<{ endpointId: string; secret: string }, 'signed-out' | 'not-allowed' | 'not-found'>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  return db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, actor, endpointId)
    if (!endpoint) return refuse('not-found')
    const refusalNow = await refusalOfRole(tx, actor)
    if (refusalNow) return refuse(refusalNow)
    const secret = createWebhookSecret()
    await updateEndpoint(tx, endpointId, { encryptedSecret: encrypt(keys, secret, endpointId) })
    const { url } = endpoint
    const changed = { action: 'webhook.changed', change: 'secret' } as const
    await recordWebhookChange(tx, { ...changed, by: actor, address, endpointId, url })
    return ok({ endpointId, secret })
  })
}
