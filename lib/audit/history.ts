import { listAuditEventsOfAccess, listAuditEventsOfToken } from '#db/queries/audit-events.ts'
import type { Actor } from '../access/actor.ts'
import type { MerchantActor } from '../access/actors.ts'
import { atOnce, type Batches } from '../downloads/batches.ts'
import { withActorKind } from '../events/actor-kind.ts'
import type { Database } from '../process/database.ts'

export type AuditEntry = Awaited<ReturnType<typeof tokenHistory>>[number]

const maxEvents = 100

/** What was done about a token of the actor's, the last action first; 100 events at most. */
export async function tokenHistory(actor: Actor, tokenId: string, { db }: { db: Database }) {
  return (await listAuditEventsOfToken(db, actor, tokenId, maxEvents)).map(withActorKind)
}

/** What was done about a partner's access to the actor's store, the last action first; 100 events at most. */
export async function accessHistory(
  { storeId }: MerchantActor,
  partnerId: string,
  { db }: { db: Database },
): Promise<AuditEntry[]> {
  return (await listAuditEventsOfAccess(db, { storeId, partnerId }, maxEvents)).map(withActorKind)
}

/** {@link tokenHistory}, all of it. */
export function wholeTokenHistory(actor: Actor, tokenId: string): Batches<AuditEntry> {
  return atOnce(async (snapshot, limit) =>
    (await listAuditEventsOfToken(snapshot, actor, tokenId, limit)).map(withActorKind),
  )
}

/** {@link accessHistory}, all of it. */
export function wholeAccessHistory({ storeId }: MerchantActor, partnerId: string): Batches<AuditEntry> {
  return atOnce(async (snapshot, limit) =>
    (await listAuditEventsOfAccess(snapshot, { storeId, partnerId }, limit)).map(withActorKind),
  )
}
