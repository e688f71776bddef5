import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../client.ts'
import { accountNotices } from '../../schema/account-notices.ts'
import { partnerMembers, storeMembers } from '../../schema/members.ts'
import { notices } from '../../schema/notices.ts'
import { partners } from '../../schema/partners.ts'
import type { sides } from '../../schema/revocations.ts'
import { stores } from '../../schema/stores.ts'
import { beyondId } from '../keyset.ts'
import { isUnreadOfAccount } from './account-notices.ts'

export type NewNotice = typeof notices.$inferInsert

const rowsAtOnce = 2_000

/**
 * Those that are there already are left as they are: people are notified once of each operation.
 * @returns the ids of the new ones.
 */
export async function insertNotices(tx: Queryable, list: NewNotice[]): Promise<Set<string>> {
  const inserted = new Set<string>()
  for (let n = 0; n < list.length; n += rowsAtOnce) {
    const { rows } = await tx.execute<{ id: string }>(sql`
      insert into ${notices} (id, user_id, side, kind, operation_id, store_id, partner_id, token_id, token_count,
        by_user_name, by_user_email, by_role, by_side, details, occurred_at, read_at)
      select id, "userId", side, kind, "operationId", "storeId", "partnerId", "tokenId", "tokenCount",
        "byUserName", "byUserEmail", "byRole", "bySide", details, "occurredAt", "readAt"
      from jsonb_to_recordset(${JSON.stringify(list.slice(n, n + rowsAtOnce))}::jsonb) as notice (
        id uuid, "userId" uuid, side text, kind text, "operationId" uuid, "storeId" text, "partnerId" text, "tokenId" uuid,
        "tokenCount" int, "byUserName" text, "byUserEmail" text, "byRole" text, "bySide" text, details jsonb, "occurredAt" timestamptz, "readAt" timestamptz)
      on conflict do nothing
      returning id`)
    for (const { id } of rows) inserted.add(id)
  }
  return inserted
}

/**
 * Whose notices a query may see or change: a person's, on one of their sides.
 * `secondFactor` null: the session has shown none.
 */
export type NoticeScope = { userId: string; side: (typeof sides)[number]; secondFactor: string | null }

/**
 * What concerns a store or partner that the person does not work for any more is hidden, and what concerns one that
 * demands a second factor as long as the session has shown none.
 */
const inScope = ({ userId, side, secondFactor }: NoticeScope) => {
  const membership =
    side === 'merchant'
      ? sql`${storeMembers} member where member.user_id = ${userId} and member.store_id = ${notices}.store_id`
      : sql`${partnerMembers} member where member.user_id = ${userId} and member.partner_id = ${notices}.partner_id`
  const party =
    side === 'merchant'
      ? sql`${stores} party where party.id = ${notices}.store_id`
      : sql`${partners} party where party.id = ${notices}.partner_id`
  return and(
    eq(notices.userId, userId),
    eq(notices.side, side),
    sql`exists (select from ${membership})`,
    secondFactor === null
      ? sql`exists (select from ${party} and party.second_factor_demanded_at is null)`
      : undefined,
  )
}

/** The newest first, those older than `after`. */
export async function listNotices(
  db: Queryable,
  scope: NoticeScope,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return db
    .select({
      id: notices.id,
      kind: notices.kind,
      storeId: notices.storeId,
      /** '' where it is about a partner's own affairs. */
      storeName: sql<string>`coalesce(${stores.name}, '')`,
      partnerId: notices.partnerId,
      partnerName: sql<string>`coalesce(${partners.name}, '')`,
      tokenId: notices.tokenId,
      tokenCount: notices.tokenCount,
      byUserName: notices.byUserName,
      byUserEmail: sql<
        string | null
      >`case when ${notices.bySide} = ${notices.side} then ${notices.byUserEmail} end`,
      byRole: notices.byRole,
      bySide: notices.bySide,
      details: notices.details,
      occurredAt: notices.occurredAt,
      readAt: notices.readAt,
    })
    .from(notices)
    .leftJoin(stores, eq(stores.id, notices.storeId))
    .leftJoin(partners, eq(partners.id, notices.partnerId))
    .where(and(inScope(scope), beyondId('desc', notices.id, after)))
    .orderBy(desc(notices.id))
    .limit(limit)
}

/**
 * With those about the account itself, counted up to `limit` and no further.
 * @param accountDays how long those are shown.
 */
export async function countUnreadNotices(
  db: Queryable,
  scope: NoticeScope,
  { limit, accountDays }: { limit: number; accountDays: number },
): Promise<number> {
  const ofParties = db
    .select({ id: notices.id })
    .from(notices)
    .where(and(inScope(scope), isNull(notices.readAt)))
    .limit(limit)
  const ofAccount = db
    .select({ id: accountNotices.id })
    .from(accountNotices)
    .where(isUnreadOfAccount({ userId: scope.userId, shownDays: accountDays }))
    .limit(limit)
  const unread = unionAll(ofParties, ofAccount).limit(limit).as('unread')
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(unread)
  return row?.count ?? 0
}

/** Those up to `upTo`. @returns how many were unread until now. */
export async function markNoticesRead(db: Queryable, scope: NoticeScope, upTo: string) {
  const { rowCount } = await db
    .update(notices)
    .set({ readAt: sql`clock_timestamp()` })
    .where(and(inScope(scope), isNull(notices.readAt), lte(notices.id, upTo)))
  return rowCount ?? 0
}

/** One that was read before keeps its moment. @returns what it is about. */
export async function markNoticeRead(db: Queryable, scope: NoticeScope, id: string) {
  const [notice] = await db
    .update(notices)
    .set({ readAt: sql`coalesce(${notices.readAt}, clock_timestamp())` })
    .where(and(inScope(scope), eq(notices.id, id)))
    .returning({
      storeId: notices.storeId,
      partnerId: notices.partnerId,
      tokenId: notices.tokenId,
      tokenCount: notices.tokenCount,
      details: notices.details,
    })
  return notice
}

/** Read or not. @returns how many, `limit` at most. */
export async function deleteNoticesBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${notices} where id in (
      select id from ${notices} where occurred_at < ${before.toISOString()}::timestamptz
      order by occurred_at limit ${limit})`)
  return rowCount ?? 0
}
