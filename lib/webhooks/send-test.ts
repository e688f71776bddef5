import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { countDeliveriesSince, insertTestDelivery } from '#db/queries/notifications/webhook-deliveries.ts'
import { lockEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { columnsOf } from '../access/party.ts'
import { asChanger } from '../access/rights.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import type { WebhookTools } from './add.ts'
import { testKind } from './kinds.ts'
import { maxTests, testsWithinMinutes } from './limits.ts'
import { recordWebhookChange } from './record-change.ts'

/** `too-often`: {@link maxTests} in {@link testsWithinMinutes} minutes. `disabled`: the endpoint is sent nothing. */
export type TestRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'disabled' | TooOften

type LockedEndpoint = NonNullable<Awaited<ReturnType<typeof lockEndpoint>>>

/**
 * Tells the endpoint a test event, whichever kinds it wants: of the form of all others, about no token, signed, tried again and
 * logged as they are.
 */
export async function sendTestEvent(
  actor: Actor,
  { endpointId }: { endpointId: string },
  { db, address }: Pick<WebhookTools, 'db' | 'address'>,
): Promise<Result<{ endpointId: string; deliveryId: string }, TestRefusal>> {
  return changing<LockedEndpoint, { endpointId: string; deliveryId: string }, TestRefusal>(
    asChanger(actor),
    db,
    {
      lock: async (tx) => found(await lockEndpoint(tx, actor, endpointId)),
      change: async (tx, endpoint) => {
        if (endpoint.disabledAt) return refuse('disabled')
        const now = await currentTime(tx)
        const since = new Date(now.getTime() - testsWithinMinutes * 60_000)
        const recent = await countDeliveriesSince(tx, { endpointId, kind: testKind, since, limit: maxTests })
        if (recent >= maxTests) return refuse({ kind: 'too-often', waitSeconds: testsWithinMinutes * 60 })
        const deliveryId = uuidv7({ msecs: now.getTime() })
        const payload = payloadOfTest(actor, now)
        await insertTestDelivery(tx, { id: deliveryId, endpointId, kind: testKind, payload, createdAt: now })
        const { url } = endpoint
        const changed = { action: 'webhook.changed', change: 'tested', by: actor, address } as const
        await recordWebhookChange(tx, { ...changed, endpointId, url, deliveryId })
        return ok({ endpointId, deliveryId })
      },
    },
  )
}

function payloadOfTest(actor: Actor, now: Date) {
  return JSON.stringify({
    type: testKind,
    timestamp: now.toISOString(),
    data: {
      ...{ tokenId: null, lastCharacters: null, expiresAt: null },
      ...{ storeId: null, partnerId: null, ...columnsOf(actor) },
      by: actor.side,
    },
  })
}
