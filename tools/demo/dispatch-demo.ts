import { and, asc, gt, inArray, isNull, lt } from 'drizzle-orm'
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import type { OutboxEvent } from '#db/queries/notifications/events.ts'
import { factsOfTokens } from '#db/queries/notifications/notified-parties.ts'
import { insertDeliveries, writeAttempt } from '#db/queries/notifications/webhook-deliveries.ts'
import { insertEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import { findUserByEmail } from '#db/queries/people/users.ts'
import { auditEvents } from '#db/schema/audit-events.ts'
import { events } from '#db/schema/events.ts'
import { notices } from '#db/schema/notices.ts'
import { recordAudit } from '#lib/audit/record.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { gatherOperations } from '#lib/notifications/operations.ts'
import { writeNotices } from '#lib/notifications/write-notices.ts'
import type { Keyring } from '#lib/process/keyring.ts'
import { dayMs } from '#lib/time/units.ts'
import { payloadOf } from '#lib/webhooks/delivery/create-deliveries.ts'
import { retryDelaysSeconds } from '#lib/webhooks/delivery/retry.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { demoOwnerEmail, demoPair } from './demo-data.ts'

/** What is older was dispatched before anybody looked. */
const dispatchedDays = 14
/** What is older was read. */
const unreadDays = 6
const endpointsAddedDaysAgo = 25
/** Any constant: the namespace of the operations' ids. */
const operationNamespace = '9b0c1d6e-4a77-4a0f-8f2c-5d1b7f0e3a92'

/** Of what happens often in the demo they want nothing: nobody answers under these addresses. */
const kinds = ['token.renewed', 'token.revoked'] as const
const demoEndpoints = [
  {
    side: 'merchant',
    owner: { storeId: demoPair.storeId },
    addedBy: demoOwnerEmail,
    url: 'https://hooks.brass-and-beacon.example/partner-tokens',
    /** What was answered to each attempt to tell of a revocation. */
    refusal: { status: 503, problem: 'The queue is full, try again later.' },
  },
  {
    side: 'partner',
    owner: { partnerId: demoPair.partnerId },
    addedBy: 'partner-owner@demo.example',
    url: 'https://api.parcelpilot.example/store-tokens/events',
    refusal: { status: 422, problem: '{"error":"unknown tokenId"}' },
  },
] as const

type Tools = { keys: Keyring; now: Date }

/** What people and programs were notified of from the demo's record: inboxes, and two endpoints with their logs. */
export async function dispatchDemo(tx: Queryable, { keys, now }: Tools): Promise<void> {
  const dispatched = await writeDispatchedEvents(tx, now)
  await writeNotices(tx, gatherOperations(dispatched))
  await tx
    .update(notices)
    .set({ readAt: notices.occurredAt })
    .where(and(isNull(notices.readAt), lt(notices.occurredAt, daysBefore(now, unreadDays))))
  const facts = await factsOfTokens(
    tx,
    dispatched.flatMap(({ tokenId }) => tokenId ?? []),
  )
  for (const endpoint of demoEndpoints) await writeEndpoint(tx, { endpoint, dispatched, facts, keys, now })
}

/** The last days of the audit record, as the outbox has it once it is dispatched. */
async function writeDispatchedEvents(tx: Queryable, now: Date): Promise<OutboxEvent[]> {
  const record = await tx
    .select()
    .from(auditEvents)
    .where(
      and(
        inArray(auditEvents.action, ['token.issued', ...kinds]),
        gt(auditEvents.occurredAt, daysBefore(now, dispatchedDays)),
      ),
    )
    .orderBy(asc(auditEvents.occurredAt), asc(auditEvents.id))
  const rows = record.map(({ action, occurredAt, storeId, partnerId, reason, note, details, ...row }) => ({
    kind: action as 'token.issued' | (typeof kinds)[number],
    // A renewal makes two rows at one moment.
    operationId: uuidv5(`${storeId} ${partnerId} ${occurredAt.getTime()}`, operationNamespace),
    ...{ occurredAt, storeId: storeId ?? '', partnerId: partnerId ?? '', dispatchedAt: occurredAt },
    ...{ tokenId: row.tokenId, side: row.side, userId: row.userId, userName: row.userName },
    details: { ...details, ...(reason && { reason }), ...(note && { note }) },
  }))
  return tx.insert(events).values(rows).returning()
}

type Endpoint = {
  endpoint: (typeof demoEndpoints)[number]
  dispatched: OutboxEvent[]
  facts: Awaited<ReturnType<typeof factsOfTokens>>
} & Tools

async function writeEndpoint(tx: Queryable, { endpoint, dispatched, facts, keys, now }: Endpoint) {
  const { side, owner, addedBy, url, refusal } = endpoint
  const user = await findUserByEmail(tx, addedBy)
  if (!user) throw new Error(`The demo has no ${addedBy}.`)
  const createdAt = daysBefore(now, endpointsAddedDaysAgo)
  const endpointId = uuidv7({ msecs: createdAt.getTime() })
  const encryptedSecret = encrypt(keys, createWebhookSecret(), endpointId)
  const values = { url, encryptedSecret, kinds: [...kinds], createdAt, createdBy: user.id }
  await insertEndpoint(tx, { id: endpointId, ...owner, ...values })
  await recordAudit(tx, [
    {
      ...{ action: 'webhook.added', occurredAt: createdAt, ...owner },
      by: { userId: user.id, userName: user.name, side },
      details: { endpointId, url, kinds: kinds.join(' ') },
    },
  ])
  const wanted = dispatched.filter(
    (event) =>
      kinds.some((kind) => kind === event.kind) &&
      ('storeId' in owner ? event.storeId === owner.storeId : event.partnerId === owner.partnerId),
  )
  for (const event of wanted) {
    const at = new Date(event.occurredAt.getTime() + 1_000)
    const id = uuidv7({ msecs: at.getTime() })
    const { id: eventId, kind } = event
    await insertDeliveries(tx, [
      { ...{ id, endpointId, eventId, kind, createdAt: at }, payload: payloadOf(event, facts) },
    ])
    await writeAttempts(tx, { deliveryId: id, at, refusal: kind === 'token.revoked' ? refusal : null })
  }
}

type Attempts = { deliveryId: string; at: Date; refusal: { status: number; problem: string } | null }

/** One that was taken, or all that are made until a delivery has failed. */
async function writeAttempts(tx: Queryable, { deliveryId, at, refusal }: Attempts) {
  let attemptedAt = at
  const attempt = async (state: 'waiting' | 'delivered' | 'failed') => {
    const answer = refusal ?? { status: 204, problem: null }
    const durationMs = 60 + ((Math.floor(attemptedAt.getTime() / 1_000) * 37) % 140)
    const came = { id: uuidv7(), deliveryId, attemptedAt, durationMs, ...answer, state }
    await writeAttempt(tx, { ...came, nextAttemptAt: null })
  }
  if (!refusal) return attempt('delivered')
  for (const delay of retryDelaysSeconds) {
    await attempt('waiting')
    attemptedAt = new Date(attemptedAt.getTime() + delay * 1_000)
  }
  await attempt('failed')
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * dayMs)
}
