import { reachStandby } from '#db/queries/database/standby.ts'
import {
  deleteUnconfirmed,
  insertUnconfirmed,
  isUnconfirmed,
  lastUnconfirmed,
} from '#db/queries/plans/unconfirmed-plans.ts'
import type { OnStandby } from '#db/transaction.ts'
import type { Database } from '../process/database.ts'

/** Whether the synchronous standby has what the worker did of a plan: what people revoke, they read of at once. */
export async function standbyOfPlan(
  { planId }: { planId: string },
  { db }: { db: Database },
): Promise<OnStandby> {
  return (await isUnconfirmed(db, planId)) ? 'unconfirmed' : 'confirmed'
}

/** A step of the plan was committed, and the standby did not confirm it: its page says so from now on. */
export function noteUnconfirmedPlan(db: Database, planId: string): Promise<void> {
  return insertUnconfirmed(db, planId)
}

/** Asks the standby once more, where it had not confirmed what plans did: what it has by now is noted no longer. */
export async function askStandbyOfPlans({ db }: { db: Database }): Promise<void> {
  const until = await lastUnconfirmed(db)
  // A commit that it confirms stands behind all that were written before it.
  if (until && (await reachStandby(db)) === 'confirmed') await deleteUnconfirmed(db, until)
}
