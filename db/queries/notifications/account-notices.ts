import { and, desc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { accountNotices } from '../../schema/account-notices.ts'

export async function insertAccountNotice(tx: Queryable, notice: typeof accountNotices.$inferInsert) {
  await tx.insert(accountNotices).values(notice)
}

/** What happened to the account since then, the last first. */
export async function listAccountNotices(
  db: Queryable,
  { userId, since, limit }: { userId: string; since: Date; limit: number },
) {
  return db
    .select({
      id: accountNotices.id,
      kind: accountNotices.kind,
      details: accountNotices.details,
      occurredAt: accountNotices.occurredAt,
      readAt: accountNotices.readAt,
    })
    .from(accountNotices)
    .where(and(eq(accountNotices.userId, userId), gt(accountNotices.occurredAt, since)))
    .orderBy(desc(accountNotices.id))
    .limit(limit)
}

/** Of one person, not read yet, and not too old to be shown. */
export const isUnreadOfAccount = ({ userId, shownDays }: { userId: string; shownDays: number }) =>
  and(
    eq(accountNotices.userId, userId),
    isNull(accountNotices.readAt),
    gt(accountNotices.occurredAt, sql`statement_timestamp() - make_interval(days => ${shownDays})`),
  )

/** Those up to `upTo`. @returns how many were unread, and shown, until now. */
export async function markAccountNoticesRead(
  db: Queryable,
  of: { userId: string; shownDays: number },
  upTo: string,
): Promise<number> {
  const { rowCount } = await db
    .update(accountNotices)
    .set({ readAt: sql`clock_timestamp()` })
    .where(and(isUnreadOfAccount(of), lte(accountNotices.id, upTo)))
  return rowCount ?? 0
}

/** @returns how many, `limit` at most. */
export async function deleteAccountNoticesBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${accountNotices} where id in (
      select id from ${accountNotices} where occurred_at < ${before.toISOString()}::timestamptz
      order by occurred_at limit ${limit})`)
  return rowCount ?? 0
}
