import { Webhook } from 'standardwebhooks'
import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import {
  findWaitingDelivery,
  giveUpUnsendable,
  writeAttempt,
} from '#db/queries/notifications/webhook-deliveries.ts'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import { decrypt } from '../../encryption/encryption.ts'
import type { Network } from '../../http/networks.ts'
import { checkpointHeaders } from '../../process/checkpoints.ts'
import type { Database } from '../../process/database.ts'
import type { Keyring } from '../../process/keyring.ts'
import { noteReach } from './note-reach.ts'
import { type Answer, postWebhook } from './post-webhook.ts'
import { nextAttemptDelaySeconds } from './retry.ts'

export type DeliveryTools = {
  db: Database
  keys: Keyring
  /** Private networks inside of which may be delivered all the same. */
  networks: Network[]
  /** Called where it is not tried again, for the log and the counts. */
  onGivenUp?: (webhook: GivenUpWebhook) => void
}

export type GivenUpWebhook = { deliveryId: string; endpointId: string; problem: string }

/**
 * One attempt of a delivery that waits, and the note of what came of it. A process that dies between the two sends it again,
 * under the same `webhook-id`. Throws where the database fails; what the receiver does is no reason.
 */
export async function deliverWebhook(
  deliveryId: string,
  { db, keys, networks, onGivenUp }: DeliveryTools,
): Promise<void> {
  const delivery = await findWaitingDelivery(db, deliveryId)
  if (!delivery) return giveUpUnsendable(db, deliveryId)
  const attemptedAt = await currentTime(db)
  const startedAt = performance.now()
  const secret = decrypt(keys, delivery.encryptedSecret, delivery.endpointId)
  const headers = checkpointHeaders((await findNewestCheckpoint(db))?.note)
  const answer = secret.ok
    ? await postWebhook(delivery.url, {
        body: delivery.payload,
        headers: { ...signedHeaders(delivery, secret.value), ...headers },
        networks,
      })
    : { status: null, problem: 'the secret cannot be read: roll it' }
  const durationMs = Math.round(performance.now() - startedAt)
  const follows = whatFollows(answer, delivery.attempts + 1, attemptedAt)
  const { endpointId } = delivery
  await db.transaction(async (tx) => {
    const { state } = follows
    await noteReach(tx, { endpointId, deliveryId, state, attemptedAt, problem: answer.problem })
    await writeAttempt(tx, { id: uuidv7(), deliveryId, attemptedAt, durationMs, ...answer, ...follows })
  })
  if (follows.state === 'failed') onGivenUp?.({ deliveryId, endpointId, problem: answer.problem ?? '' })
}

function signedHeaders({ id, payload }: { id: string; payload: string }, secret: string) {
  const now = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}`,
    'webhook-signature': new Webhook(secret).sign(id, now, payload),
  }
}

function whatFollows({ problem }: Answer, attempts: number, attemptedAt: Date) {
  if (problem === null) return { state: 'delivered', nextAttemptAt: null } as const
  const delaySeconds = nextAttemptDelaySeconds(attempts)
  if (delaySeconds === null) return { state: 'failed', nextAttemptAt: null } as const
  return { state: 'waiting', nextAttemptAt: new Date(attemptedAt.getTime() + delaySeconds * 1000) } as const
}
