import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import type { OutboxEvent } from '#db/queries/notifications/events.ts'
import { factsOfTokens } from '#db/queries/notifications/notified-parties.ts'
import {
  insertDeliveries,
  listEnabledEndpoints,
  type NewDelivery,
} from '#db/queries/notifications/webhook-deliveries.ts'
import { isWebhookKind } from '../kinds.ts'

const rowsAtOnce = 1_000
/** What of an event's details programs are sent; a note in free words stays with people. */
const sentDetails = ['reason', 'days', 'successorId', 'predecessorId', 'address'] as const
/** Of a cut-off, which is one event for all its tokens. */
const sentOfCutOff = ['cutOffId', 'at', 'tokens', 'others', 'reason'] as const

type Facts = Awaited<ReturnType<typeof factsOfTokens>>

/**
 * Writes what enabled endpoints of the store and of the partner are to be sent of these events, once each.
 * @param tx the transaction that dispatches the events.
 */
export async function createDeliveries(tx: Queryable, events: OutboxEvent[]): Promise<void> {
  const sendable = events.filter(
    ({ kind, tokenId }) => (tokenId !== null && isWebhookKind(kind)) || kind === 'tokens.cut_off',
  )
  if (sendable.length === 0) return
  const endpoints = await listEnabledEndpoints(tx, {
    storeIds: [...new Set(sendable.map(({ storeId }) => storeId))],
    partnerIds: [...new Set(sendable.map(({ partnerId }) => partnerId))],
  })
  if (endpoints.length === 0) return
  // Apart: a store may be spelled as somebody's Partner ID.
  const byStore = Map.groupBy(endpoints, ({ storeId }) => storeId)
  const byPartner = Map.groupBy(endpoints, ({ partnerId }) => partnerId)
  const wanted = sendable.flatMap((event) =>
    [...(byStore.get(event.storeId) ?? []), ...(byPartner.get(event.partnerId) ?? [])]
      .filter(({ kinds }) => kinds.includes(chosenAs(event.kind)))
      .map((endpoint) => ({ event, endpointId: endpoint.id })),
  )
  const facts = await factsOfTokens(tx, [...new Set(wanted.flatMap(({ event }) => event.tokenId ?? []))])
  const createdAt = new Date()
  for (let n = 0; n < wanted.length; n += rowsAtOnce) {
    const rows = wanted.slice(n, n + rowsAtOnce).map(
      ({ event, endpointId }): NewDelivery => ({
        id: uuidv7(),
        endpointId,
        eventId: event.id,
        kind: event.kind,
        payload: payloadOf(event, facts),
        createdAt,
      }),
    )
    await insertDeliveries(tx, rows)
  }
}

/** Whoever wants to hear of revocations hears of all tokens that were revoked at once. */
const chosenAs = (kind: OutboxEvent['kind']) => (kind === 'tokens.cut_off' ? 'token.revoked' : kind)

/** As Standard Webhooks has it: type, timestamp, data. A token's text is not known here. */
export function payloadOf(
  { kind, occurredAt, tokenId, storeId, partnerId, side, details }: OutboxEvent,
  facts: Facts,
) {
  if (kind === 'tokens.cut_off') {
    const { otherId } = details ?? {}
    const counted = (name: string, value: string | undefined) =>
      name === 'tokens' || name === 'others' ? Number(value) : value
    return JSON.stringify({
      type: kind,
      timestamp: occurredAt.toISOString(),
      data: {
        storeId: storeId || otherId || null,
        partnerId: partnerId || otherId || null,
        by: details?.by === 'operator' ? details.by : side,
        ...Object.fromEntries(sentOfCutOff.map((name) => [name, counted(name, details?.[name])])),
      },
    })
  }
  const token = tokenId === null ? undefined : facts.get(tokenId)
  const more = sentDetails.flatMap((name) => {
    const value = details?.[name]
    return value === undefined ? [] : [[name, value]]
  })
  return JSON.stringify({
    type: kind,
    timestamp: occurredAt.toISOString(),
    data: {
      tokenId,
      lastCharacters: token?.lastCharacters ?? null,
      expiresAt: token?.expiresAt.toISOString() ?? null,
      storeId,
      partnerId,
      by: side,
      ...Object.fromEntries(more),
    },
  })
}
