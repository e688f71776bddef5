import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import type { OutboxEvent } from '#db/queries/notifications/events.ts'
import { factsOfTokens } from '#db/queries/notifications/notified-parties.ts'
import {
  insertDeliveries,
  listEnabledEndpoints,
  type NewDelivery,
} from '#db/queries/notifications/webhook-deliveries.ts'
import { isWebhookKind, type WebhookKind } from '../kinds.ts'

const rowsAtOnce = 1_000
/** What of an event's details programs are sent; a note in free words stays with people. */
const sentDetails = [
  'reason',
  'days',
  'successorId',
  'predecessorId',
  'address',
  'until',
  'endsAs',
  'accepted',
  'source',
  'foundAt',
] as const
/** Of a cut-off or a plan, which is one event for all its tokens. */
const sentOfMany = [
  'cutOffId',
  'planId',
  'does',
  'at',
  'runAt',
  'until',
  'endsAs',
  'tokens',
  'others',
  'reason',
] as const
/** Of the way back into service after it; how many stores there are, and how far. */
const sentOfService = ['campaignId', 'cutOffId', 'requestId', 'cutOffAt'] as const
const countsOfService = ['stores', 'asked', 'declined', 'issued', 'waiting', 'used', 'skipped'] as const

type Facts = Awaited<ReturnType<typeof factsOfTokens>>

/**
 * Writes what enabled endpoints of the store and of the partner are to be sent of these events, once each.
 * @param tx the transaction that dispatches the events.
 */
export async function createDeliveries(tx: Queryable, events: OutboxEvent[]): Promise<void> {
  const sendable = events.filter(
    (event) => (event.tokenId !== null && isWebhookKind(event.kind)) || chosenWith(event) !== null,
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
    // A partner learns once how many of its stores were asked.
    [
      ...(byStore.get(event.storeId) ?? []),
      ...((event.kind !== 'service.asked' && byPartner.get(event.partnerId)) || []),
    ]
      .filter(({ kinds }) => kinds.includes(chosenWith(event) ?? event.kind))
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

const isOfMany = (kind: OutboxEvent['kind']) => kind === 'tokens.cut_off' || kind.startsWith('plan.')

/**
 * Whoever wants to hear of revocations, renewals, pauses or resumptions hears of all tokens of which that is done at once; who wants to hear of
 * new tokens, of the way back into service; and who wants to hear of revocations, of leaks. Null: by itself.
 */
function chosenWith({ kind, details }: Pick<OutboxEvent, 'kind' | 'details'>): WebhookKind | null {
  // Nothing became of any token by it: people have to look.
  if (kind === 'plan.failing') return null
  if (kind === 'plan.over') return details?.endsAs === 'revoked' ? 'token.revoked' : 'token.resumed'
  if (kind === 'token.reported') return 'token.revoked'
  if (isOfMany(kind)) return chosenWithPlan(details?.does)
  return kind.startsWith('service.') ? 'token.issued' : null
}

function chosenWithPlan(does: string | undefined): WebhookKind {
  switch (does) {
    case 'renew':
      return 'token.renewed'
    case 'pause':
      return 'token.paused'
    case 'resume':
      return 'token.resumed'
    default:
      return 'token.revoked'
  }
}

/** As Standard Webhooks has it: type, timestamp, data. A token's text is not known here. */
export function payloadOf(
  { kind, occurredAt, tokenId, storeId, partnerId, side, details }: OutboxEvent,
  facts: Facts,
) {
  if (isOfMany(kind)) {
    const { otherId } = details ?? {}
    const counted = (name: string, value: string | undefined) =>
      value !== undefined && (name === 'tokens' || name === 'others') ? Number(value) : value
    return JSON.stringify({
      type: kind,
      timestamp: occurredAt.toISOString(),
      data: {
        storeId: storeId || otherId || null,
        partnerId: partnerId || otherId || null,
        by: details?.by === 'operator' ? details.by : side,
        ...Object.fromEntries(sentOfMany.map((name) => [name, counted(name, details?.[name])])),
      },
    })
  }
  const token = tokenId === null ? undefined : facts.get(tokenId)
  if (kind.startsWith('service.')) {
    const said = (names: readonly string[], as: (text: string) => string | number) =>
      names.flatMap((name) => (details?.[name] === undefined ? [] : [[name, as(details[name])]]))
    return JSON.stringify({
      type: kind,
      timestamp: occurredAt.toISOString(),
      data: {
        ...(tokenId && {
          ...{ tokenId, lastCharacters: token?.lastCharacters ?? null },
          expiresAt: token?.expiresAt.toISOString() ?? null,
        }),
        ...{ storeId: storeId || null, partnerId, by: side },
        ...Object.fromEntries([...said(sentOfService, String), ...said(countsOfService, Number)]),
        ...(details?.reminder && { reminder: Number(details.reminder) }),
      },
    })
  }
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
      by: details?.by === 'report' ? details.by : side,
      ...Object.fromEntries(more),
    },
  })
}
