import type { Queryable } from '#db/client.ts'
import { insertAuditEvents, type NewAuditEvent } from '#db/queries/audit-events.ts'
import { type ActingCredential, detailsOfActing, type Role, type Side } from '../access/actor.ts'

/** Who did it: an actor, or a person who acts for themselves (signing in and out). */
type RecordedActor = {
  userId: string
  userName: string
  side?: Side
  role?: Role
  credential?: ActingCredential
}

export type AuditEvent = Pick<
  NewAuditEvent,
  'occurredAt' | 'action' | 'storeId' | 'partnerId' | 'tokenId' | 'reason' | 'note' | 'address' | 'details'
> & {
  /** Null: somebody who is no user. */
  by: RecordedActor | null
}

/**
 * Notes what is being done, in the transaction of the action: both stay, or neither.
 * @param tx never the pool itself.
 */
export async function recordAudit(tx: Queryable, events: AuditEvent[]): Promise<void> {
  await insertAuditEvents(
    tx,
    events.map(({ by, ...event }) => ({
      ...event,
      userId: by?.userId ?? null,
      userName: by?.userName ?? null,
      userRole: by?.credential ? null : (by?.role ?? null),
      ...(by?.credential && { details: { ...event.details, ...detailsOfActing(by) } }),
      side: by?.side ?? null,
    })),
  )
}
