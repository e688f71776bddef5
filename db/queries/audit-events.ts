import { and, desc, eq, isNull, like, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { auditEvents } from '../schema/audit-events.ts'
import { forOwnSide, inScope, type Party } from './party.ts'
import { emailOf } from './people/users.ts'

/** The database numbers the rows itself. */
export type NewAuditEvent = Omit<typeof auditEvents.$inferInsert, 'id' | 'userEmail'>

/** Names its columns, because the application may not write `id`: nobody can take the next row's number. */
export async function insertAuditEvents(tx: Queryable, events: NewAuditEvent[]) {
  if (events.length === 0) return
  await tx.execute(sql`
    insert into ${auditEvents}
      (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, address, details)
    select "occurredAt", action, side, "userId", "userName", ${emailOf(sql`"userId"`)}, "userRole", "storeId", "partnerId", "tokenId", reason, note, address, details
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as event (
      "occurredAt" timestamptz, action text, side text, "userId" uuid, "userName" text, "userRole" text, "storeId" text,
      "partnerId" text, "tokenId" uuid, reason text, note text, address text, details jsonb)`)
}

/** What was done about a token, the last action first. */
export async function listAuditEventsOfToken(db: Queryable, scope: Party, tokenId: string, limit: number) {
  const ofToken = and(inScope(scope, auditEvents), eq(auditEvents.tokenId, tokenId))
  return listAuditEvents(db, scope, ofToken, limit)
}

/** What was done about a partner's access to a store, the last action first. */
export async function listAuditEventsOfAccess(
  db: Queryable,
  { storeId, partnerId }: { storeId: string; partnerId: string },
  limit: number,
) {
  const ofAccess = and(
    eq(auditEvents.storeId, storeId),
    eq(auditEvents.partnerId, partnerId),
    isNull(auditEvents.tokenId),
    like(auditEvents.action, 'access.%'),
  )
  return listAuditEvents(db, { side: 'merchant', storeId }, ofAccess, limit)
}

async function listAuditEvents(db: Queryable, scope: Party, where: SQL | undefined, limit: number) {
  return db
    .select({
      id: auditEvents.id,
      occurredAt: auditEvents.occurredAt,
      action: auditEvents.action,
      side: auditEvents.side,
      userName: auditEvents.userName,
      userEmail: forOwnSide(scope, auditEvents.side, auditEvents.userEmail),
      userRole: auditEvents.userRole,
      reason: auditEvents.reason,
      note: auditEvents.note,
      address: auditEvents.address,
      details: auditEvents.details,
      /** The database's time of this answer. */
      asOf: sql<Date>`now()`.mapWith(auditEvents.occurredAt),
    })
    .from(auditEvents)
    .where(where)
    .orderBy(desc(auditEvents.id))
    .limit(limit)
}
