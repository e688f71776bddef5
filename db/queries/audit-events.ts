import { and, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { auditEvents } from '../schema/audit-events.ts'
import { inScope, type TokenScope } from './token-scope.ts'

export type NewAuditEvent = typeof auditEvents.$inferInsert

/** @param events 5,000 at most: PostgreSQL takes 65,535 parameters in a statement. */
export async function insertAuditEvents(tx: Queryable, events: NewAuditEvent[]) {
  if (events.length > 0) await tx.insert(auditEvents).values(events)
}

/** What was done about a token, the last deed first. */
export async function listAuditEventsOfToken(
  db: Queryable,
  scope: TokenScope,
  tokenId: string,
  limit: number,
) {
  return db
    .select({
      id: auditEvents.id,
      occurredAt: auditEvents.occurredAt,
      action: auditEvents.action,
      side: auditEvents.side,
      userName: auditEvents.userName,
      reason: auditEvents.reason,
      note: auditEvents.note,
      address: auditEvents.address,
      details: auditEvents.details,
    })
    .from(auditEvents)
    .where(and(inScope(scope, auditEvents), eq(auditEvents.tokenId, tokenId)))
    .orderBy(desc(auditEvents.id))
    .limit(limit)
}
