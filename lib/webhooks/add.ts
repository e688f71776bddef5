import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { insertEndpoint, listEndpoints } from '#db/queries/notifications/webhook-endpoints.ts'
import { lockParty } from '#db/queries/people/members.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { columnsOf } from '../access/party.ts'
import { asChanger } from '../access/rights.ts'
import { encrypt } from '../encryption/encryption.ts'
import type { Network } from '../http/networks.ts'
import type { Database } from '../process/database.ts'
import type { Keyring } from '../process/keyring.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Resolve } from './delivery/resolve-host.ts'
import { checkTarget, type TargetRefusal } from './delivery/target.ts'
import type { WebhookKind } from './kinds.ts'
import { maxEndpoints } from './limits.ts'
import { recordWebhookChange } from './record-change.ts'
import { createWebhookSecret } from './secret.ts'

/** `too-many`: 20 endpoints at most. */
export type AddRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'too-many' | TargetRefusal

export type WebhookTools = {
  db: Database
  address: string | null
  keys: Keyring
  networks: Network[]
  /** DNS by default. */
  resolve?: Resolve
}

/** Makes an endpoint of the actor's store or partner. Its secret is handed out here and never again. */
export async function addEndpoint(
  actor: Actor,
  { url, kinds }: { url: string; kinds: WebhookKind[] },
  { db, address, keys, ...reach }: WebhookTools,
): Promise<Result<{ endpointId: string; secret: string }, AddRefusal>> {
  return changing(asChanger(actor), db, {
    first: () => checkTarget(url, reach),
    lock: async (tx) => ok(await lockParty(tx, actor)),
    change: async (tx, _party, target) => {
      const known = await listEndpoints(tx, actor, maxEndpoints)
      if (known.length >= maxEndpoints) return refuse('too-many')
      const now = await currentTime(tx)
      const endpointId = uuidv7({ msecs: now.getTime() })
      const secret = createWebhookSecret()
      await insertEndpoint(tx, {
        id: endpointId,
        ...columnsOf(actor),
        url: target.href,
        encryptedSecret: encrypt(keys, secret, endpointId),
        kinds,
        createdAt: now,
        createdBy: actor.userId,
        createdByName: actor.userName,
      })
      const added = { action: 'webhook.added', by: actor, address, endpointId } as const
      await recordWebhookChange(tx, { ...added, url: target.href, kinds: kinds.join(' ') })
      return ok({ endpointId, secret })
    },
  })
}
