import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { passwordResets } from '../../schema/password-resets.ts'

export async function insertPasswordReset(
  tx: Queryable,
  reset: { hash: Buffer; userId: string; createdAt: Date; expiresAt: Date },
) {
  await tx.insert(passwordResets).values(reset)
}

/** Whose reset it is, while it can be used. */
export async function findOpenReset(db: Queryable, hash: Buffer, now: Date) {
  const [found] = await db
    .select({ userId: passwordResets.userId })
    .from(passwordResets)
    .where(
      and(eq(passwordResets.hash, hash), isNull(passwordResets.usedAt), gt(passwordResets.expiresAt, now)),
    )
  return found
}

/** From now on none of the person's mailed addresses sets a password. */
export async function voidResets(tx: Queryable, { userId }: { userId: string }, now: Date) {
  await tx
    .update(passwordResets)
    .set({ usedAt: now })
    .where(and(eq(passwordResets.userId, userId), isNull(passwordResets.usedAt)))
}

/** Used or not. @returns how many, `limit` at most. */
export async function deleteResetsBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${passwordResets} where hash in (
      select hash from ${passwordResets} where created_at < ${before.toISOString()}::timestamptz
      order by created_at limit ${limit})`)
  return rowCount ?? 0
}
