import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import type { Actor } from '../access/actor.ts'
import { columnsOf } from '../access/party.ts'
import { recordAudit } from '../audit/record.ts'

/** The audit row of a change to an endpoint, in its transaction. `details` never hold a secret. */
export async function recordWebhookChange(
  tx: Queryable,
  {
    action,
    by,
    address,
    ...details
  }: {
    action: 'webhook.added' | 'webhook.changed' | 'webhook.removed'
    by: Actor
    address: string | null
    endpointId: string
    url: string
    /** Of a change: `address-and-kinds`, `secret`, `disabled`, `enabled`, `redelivered`, `tested`. */
    change?: string
    kinds?: string
    deliveryId?: string
  },
): Promise<void> {
  const occurredAt = await currentTime(tx)
  await recordAudit(tx, [{ action, occurredAt, by, ...columnsOf(by), address, details }])
}
