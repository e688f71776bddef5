import { v4 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { insertEvents, type NewEvent } from '#db/queries/notifications/events.ts'
import type { eventKinds } from '#db/schema/events.ts'
import { type ActingCredential, detailsOfActing, type Role, type Side } from '../access/actor.ts'

export type EventKind = (typeof eventKinds)[number]

/** What happened to a partner's access or to a token; its fields are those of the table `events`. */
export type AnnouncedEvent = Omit<NewEvent, 'operationId' | 'side' | 'userId' | 'userName' | 'userRole'> & {
  /** Null: time, or a program. */
  by: { side: Side; userId: string; userName: string; role?: Role; credential?: ActingCredential } | null
}

/**
 * Puts what happened into the outbox, in the transaction of the operation: whatever happens afterwards, it will be dispatched
 * (docs/decisions/009-outbox-and-worker.md).
 * @param tx never the pool itself.
 * @param operationId of an operation whose other events were written elsewhere; a new one by default.
 */
export async function announce(
  tx: Queryable,
  events: AnnouncedEvent[],
  operationId: string = v4(),
): Promise<void> {
  await insertEvents(
    tx,
    events.map(({ by, ...event }) => ({
      ...event,
      operationId,
      side: by?.side ?? null,
      userId: by?.userId ?? null,
      userName: by?.userName ?? null,
      userRole: by?.credential ? null : (by?.role ?? null),
      ...(by?.credential && { details: { ...event.details, ...detailsOfActing(by) } }),
    })),
  )
}
