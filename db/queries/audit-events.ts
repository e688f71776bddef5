import { and, asc, desc, eq, gt, isNotNull, isNull, like, lte, or, type SQL, sql } from 'drizzle-orm'
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

/**
 * The record of a store or partner behind the row `after`, up to `upTo`, the oldest first. Of what the other side did, what pages show both: tokens and
 * cut-offs. Whoever asks has waited for {@link listWriters}.
 */
export async function listAuditEventsOfParty(
  db: Queryable,
  scope: Party,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
) {
  const otherId = scope.side === 'merchant' ? auditEvents.partnerId : auditEvents.storeId
  return db
    .select({
      ...shown(scope),
      storeId: auditEvents.storeId,
      partnerId: auditEvents.partnerId,
      tokenId: auditEvents.tokenId,
    })
    .from(auditEvents)
    .where(
      and(
        inScope(scope, auditEvents),
        gt(auditEvents.id, after),
        lte(auditEvents.id, upTo),
        or(
          eq(auditEvents.side, scope.side),
          isNotNull(auditEvents.tokenId),
          eq(auditEvents.action, 'tokens.cut-off'),
          isNull(otherId),
        ),
      ),
    )
    .orderBy(asc(auditEvents.id))
    .limit(limit)
}

/**
 * The number of the newest row that can be seen, and the transactions that may have written one and are not over. Rows are numbered before they
 * are committed: one with a smaller number may come later, of one of these alone. The number is read before them.
 */
export async function listWriters(db: Queryable): Promise<{ newest: number; writers: string[] }> {
  const { rows } = await db.execute<{ newest: number; writers: string[] }>(sql`
    select (select coalesce(max(id), 0)::float8 from ${auditEvents}) as newest, array(${writing}) as writers`)
  return rows[0] ?? { newest: 0, writers: [] }
}

/** Those of them that are not over yet. */
export async function stillWriting(db: Queryable, writers: string[]): Promise<string[]> {
  const { rows } = await db.execute<{ writers: string[] }>(sql`
    select array(${writing} and virtualtransaction = any(${sql.param(writers)}::text[])) as writers`)
  return rows[0]?.writers ?? []
}

/** Whoever inserts holds this lock until they have committed. */
const writing = sql`
  select distinct virtualtransaction from pg_locks
  where locktype = 'relation' and relation = 'audit_events'::regclass and mode = 'RowExclusiveLock' and granted
    and database = (select oid from pg_database where datname = current_database())`

const shown = (scope: Party) => ({
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
})

async function listAuditEvents(db: Queryable, scope: Party, where: SQL | undefined, limit: number) {
  return db
    .select({
      ...shown(scope),
      /** The database's time of this answer. */
      asOf: sql<Date>`now()`.mapWith(auditEvents.occurredAt),
    })
    .from(auditEvents)
    .where(where)
    .orderBy(desc(auditEvents.id))
    .limit(limit)
}
