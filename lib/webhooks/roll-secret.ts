import { lockEndpoint, updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { encrypt } from '../encryption/encryption.ts'
import { found, ok, type Result } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { recordWebhookChange } from './record-change.ts'
import { createWebhookSecret } from './secret.ts'

/** Signs with another secret from the next attempt on; it is handed out here and never again. */
export async function rollSecret(
  actor: Actor,
  { endpointId }: { endpointId: string },
  { db, address, keys }: Pick<WebhookTools, 'db' | 'address' | 'keys'>,
): Promise<Result<{ endpointId: string; secret: string }, 'signed-out' | 'not-allowed' | 'not-found'>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => found(await lockEndpoint(tx, actor, endpointId)),
    change: async (tx, endpoint) => {
      const secret = createWebhookSecret()
      await updateEndpoint(tx, endpointId, { encryptedSecret: encrypt(keys, secret, endpointId) })
      const { url } = endpoint
      const changed = { action: 'webhook.changed', change: 'secret' } as const
      await recordWebhookChange(tx, { ...changed, by: actor, address, endpointId, url })
      return ok({ endpointId, secret })
    },
  })
}
