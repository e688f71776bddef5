import { Webhook } from 'standardwebhooks'
import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/partner-access.ts'
import { findWaitingDelivery, giveUpUnsendable, writeAttempt } from '#db/queries/webhook-deliveries.ts'
import type { Database } from '../database.ts'
import { decrypt } from '../encryption.ts'
import type { Keyring } from '../keyring.ts'
import type { Network } from './networks.ts'
import { type Answer, postWebhook } from './post-webhook.ts'
import { nextAttemptDelaySeconds } from './retry.ts'

export type DeliveryTools = {
  db: Database
  keys: Keyring
  /** Private networks inside of which may be delivered all the same. */
  networks: Network[]
}

/**
 * One attempt of a delivery that waits, and the note of what came of it. A process that dies between the two sends it again,
 * under the same `webhook-id`. Throws where the database fails; what the receiver does is no reason.
 */
export async function deliverWebhook(
  deliveryId: string,
  { db, keys, networks }: DeliveryTools,
): Promise<void> {
  const delivery = await findWaitingDelivery(db, deliveryId)
  if (!delivery) return giveUpUnsendable(db, deliveryId)
  const attemptedAt = await currentTime(db)
  const startedAt = performance.now()
  const secret = decrypt(keys, delivery.encryptedSecret, delivery.endpointId)
  const answer = secret.ok
    ? await postWebhook(delivery.url, {
        body: delivery.payload,
        headers: signedHeaders(delivery, secret.value),
        networks,
      })
    : { status: null, problem: 'the secret cannot be read: roll it' }
  await writeAttempt(db, {
    id: uuidv7(),
    deliveryId,
    attemptedAt,
    durationMs: Math.round(performance.now() - startedAt),
    ...answer,
    state: stateAfter(answer, delivery.attempts + 1),
  })
}

function signedHeaders({ id, payload }: { id: string; payload: string }, secret: string) {
  const now = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}`,
    'webhook-signature': new Webhook(secret).sign(id, now, payload),
  }
}

function stateAfter({ problem }: Answer, attempts: number) {
  if (problem === null) return 'delivered'
  return nextAttemptDelaySeconds(attempts) === null ? 'failed' : 'waiting'
}
