import type { OutboxEvent } from '#db/queries/notifications/events.ts'
import type { Role, Side } from '../access/actor.ts'
import { actorKindOf } from './events/actor-kind.ts'
import type { EventKind } from './events/announce.ts'

/** All events of one kind that one deed wrote about one partner and store: notified in one go. */
export type Deed = {
  deedId: string
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

/** Keeps the order of the events. What another event of the same deed already says is left out. */
export function gatherDeeds(events: OutboxEvent[]): Deed[] {
  const deeds = new Map<string, Deed>()
  for (const event of events) {
    const { deedId, kind, storeId, partnerId, tokenId, userId, userName, side, details, occurredAt } = event
    const { userEmail, userRole } = event
    const key = keyOf({ deedId, kind, storeId, partnerId })
    const known = deeds.get(key)
    if (known) {
      if (tokenId) known.tokenIds.push(tokenId)
      known.details = commonOf(known.details, details)
      continue
    }
    const tokenIds = tokenId ? [tokenId] : []
    deeds.set(key, {
      ...{ deedId, kind, storeId, partnerId, tokenIds, userId, userName, userEmail, userRole },
      ...{ side, details, occurredAt },
    })
  }
  const also = (deed: Deed, kind: EventKind) => deeds.has(keyOf({ ...deed, kind }))
  return [...deeds.values()].filter(
    (deed) => deed.kind !== 'token.issued' || !(also(deed, 'partner.added') || also(deed, 'token.renewed')),
  )
}

/** What the mail of another kind says as well: who reads that the partner was removed knows that its tokens are revoked. */
export function kindThatNotifies({ kind, details }: Deed): EventKind | null {
  return kind === 'token.revoked' && details?.reason === 'access-removed' ? 'partner.removed' : null
}

/** They did it, there and then: they need not be notified. */
export function isDoneBy(userId: string, deed: Deed): boolean {
  return deed.userId === userId && actorKindOf(deed) !== 'plan'
}

type Details = Deed['details']

function commonOf(one: Details, other: Details): Details {
  if (!one || !other) return null
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => other[name] === value))
}

const keyOf = ({
  deedId,
  kind,
  storeId,
  partnerId,
}: Pick<Deed, 'deedId' | 'kind' | 'storeId' | 'partnerId'>) =>
  JSON.stringify([deedId, kind, storeId, partnerId])
