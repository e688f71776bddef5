import { listEndedCredentials, listLiveCredentials } from '#db/queries/people/service-credentials.ts'
import type { Actor } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import { maxCredentials, maxEndedListed } from './limits.ts'

export type ListedCredential = Awaited<ReturnType<typeof listLiveCredentials>>[number]

/** The live service credentials of the actor's store or partner, the oldest first: all of them. Never their texts. */
export async function liveCredentials(actor: Actor, { db }: { db: Database }): Promise<ListedCredential[]> {
  return listLiveCredentials(db, actor, maxCredentials)
}

/** Those that were revoked or have expired, made last first: {@link maxEndedListed} at most. */
export async function endedCredentials(actor: Actor, { db }: { db: Database }): Promise<ListedCredential[]> {
  return listEndedCredentials(db, actor, maxEndedListed)
}
