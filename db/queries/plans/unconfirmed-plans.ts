import { eq, lte, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../client.ts'
import { unconfirmedPlans } from '../../schema/unconfirmed-plans.ts'
import { commitWithoutStandby } from '../database/standby.ts'

/** A step of the plan is committed, and the standby did not confirm it. */
export async function insertUnconfirmed(db: Database, planId: string) {
  await db.transaction(async (tx) => {
    await commitWithoutStandby(tx)
    await tx
      .insert(unconfirmedPlans)
      .values({ planId, notedAt: sql`clock_timestamp()` })
      .onConflictDoUpdate({ target: unconfirmedPlans.planId, set: { notedAt: sql`clock_timestamp()` } })
  })
}

/** When the last step of any plan was noted; null where none waits. */
export async function lastUnconfirmed(db: Queryable): Promise<Date | null> {
  const [last] = await db
    .select({ at: sql<string | null>`max(${unconfirmedPlans.notedAt})` })
    .from(unconfirmedPlans)
  return last?.at ? new Date(last.at) : null
}

/** The standby has all that was noted up to `until`. */
export async function deleteUnconfirmed(db: Database, until: Date) {
  await db.transaction(async (tx) => {
    await commitWithoutStandby(tx)
    await tx.delete(unconfirmedPlans).where(lte(unconfirmedPlans.notedAt, until))
  })
}

export async function isUnconfirmed(db: Queryable, planId: string): Promise<boolean> {
  const rows = await db
    .select({ planId: unconfirmedPlans.planId })
    .from(unconfirmedPlans)
    .where(eq(unconfirmedPlans.planId, planId))
  return rows.length > 0
}
