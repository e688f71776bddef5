import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { insertEndpoint, listEndpoints } from '#db/queries/notifications/webhook-endpoints.ts'
import { lockParty } from '#db/queries/people/members.ts'
import { type Actor, mayChangeTokens } from '../access/actor.ts'
import { columnsOf } from '../access/party.ts'
import { refusalOfRole } from '../access/refusal-of-role.ts'
import { encrypt } from '../encryption/encryption.ts'
import type { Keyring } from '../encryption/keyring.ts'
import type { Network } from '../http/networks.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Resolve } from './delivery/resolve-host.ts'
import { checkTarget, type TargetRefusal } from './delivery/target.ts'
import type { WebhookKind } from './kinds.ts'
import { recordWebhookChange } from './record-change.ts'
import { maxEndpoints } from './schemas.ts'
import { createWebhookSecret } from './secret.ts'

/** `too-many`: 20 endpoints at most. */
export type AddRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'too-many' | TargetRefusal

export type WebhookTools = {
  db: Database
  address: string | null
  keys: Keyring
  networks: Network[]
  /** DNS unless told. */
  resolve?: Resolve
}

/** Makes an endpoint of the actor's store or partner. Its secret is handed out here and never again. */
export async function addEndpoint(
  actor: Actor,
  { url, kinds }: { url: string; kinds: WebhookKind[] },
  { db, address, keys, ...reach }: WebhookTools,
): Promise<Result<{ endpointId: string; secret: string }, AddRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const target = await checkTarget(url, reach)
  if (!target.ok) return target
  return db.transaction(async (tx) => {
    await lockParty(tx, actor)
    const refusalNow = await refusalOfRole(tx, actor)
    if (refusalNow) return refuse(refusalNow)
    const known = await listEndpoints(tx, actor, maxEndpoints)
    if (known.length >= maxEndpoints) return refuse('too-many')
    const now = await currentTime(tx)
    const endpointId = uuidv7({ msecs: now.getTime() })
    const secret = createWebhookSecret()
    await insertEndpoint(tx, {
      id: endpointId,
      ...columnsOf(actor),
      url: target.value.href,
      encryptedSecret: encrypt(keys, secret, endpointId),
      kinds,
      createdAt: now,
      createdBy: actor.userId,
      createdByName: actor.userName,
    })
    const added = { action: 'webhook.added', by: actor, address, endpointId } as const
    await recordWebhookChange(tx, { ...added, url: target.value.href, kinds: kinds.join(' ') })
    return ok({ endpointId, secret })
  })
}
