import type { OutboxEvent } from '#db/queries/notifications/events.ts'
import type { Role, Side } from '../access/actor.ts'
import { actorKindOf } from '../events/actor-kind.ts'
import type { EventKind } from '../events/announce.ts'

/** All events of one kind that one operation wrote about one partner and store: people are notified of them in one go. */
export type Operation = {
  operationId: string
  kind: EventKind
  storeId: string
  partnerId: string
  tokenIds: string[]
  /** Who did it; both null: time, or a program. */
  userId: string | null
  userName: string | null
  userEmail: string | null
  userRole: Role | null
  side: Side | null
  /** What all its events say alike. */
  details: Record<string, string> | null
  occurredAt: Date
}

/** Keeps the order of the events. What another event of the same operation already says is left out. */
export function gatherOperations(events: OutboxEvent[]): Operation[] {
  const operations = new Map<string, Operation>()
  for (const event of events) {
    const { operationId, kind, storeId, partnerId, tokenId, userId, userName, side, details, occurredAt } =
      event
    const { userEmail, userRole } = event
    const key = keyOf({ operationId, kind, storeId, partnerId })
    const known = operations.get(key)
    if (known) {
      if (tokenId) known.tokenIds.push(tokenId)
      known.details = commonOf(known.details, details)
      continue
    }
    const tokenIds = tokenId ? [tokenId] : []
    operations.set(key, {
      ...{ operationId, kind, storeId, partnerId, tokenIds, userId, userName, userEmail, userRole },
      ...{ side, details, occurredAt },
    })
  }
  const also = (operation: Operation, kind: EventKind) => operations.has(keyOf({ ...operation, kind }))
  return [...operations.values()].filter(
    (operation) =>
      operation.kind !== 'token.issued' ||
      !(also(operation, 'partner.added') || also(operation, 'token.renewed')),
  )
}

/** What the mail of another kind says as well: who reads that the partner was removed knows that its tokens are revoked. */
export function kindThatNotifies({ kind, details }: Operation): EventKind | null {
  return kind === 'token.revoked' && details?.reason === 'access-removed' ? 'partner.removed' : null
}

/** They did it, there and then: they need not be notified. */
export function isDoneBy(userId: string, operation: Operation): boolean {
  return operation.userId === userId && !['plan', 'credential'].includes(actorKindOf(operation))
}

type Details = Operation['details']

function commonOf(one: Details, other: Details): Details {
  if (!one || !other) return null
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => other[name] === value))
}

const keyOf = ({
  operationId,
  kind,
  storeId,
  partnerId,
}: Pick<Operation, 'operationId' | 'kind' | 'storeId' | 'partnerId'>) =>
  JSON.stringify([operationId, kind, storeId, partnerId])
