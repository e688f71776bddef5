import { announcePlan } from '#db/queries/plans/bulk-plan-books.ts'
import { lockOverPlan, noteSaid } from '#db/queries/plans/bulk-plan-pauses.ts'
import type { Database } from '../process/database.ts'
import { eventDetailsOf } from './run.ts'

/**
 * Says of each plan whose pauses have all come to their ends what became of them, to each party once: as planned they work again, or are
 * revoked. What somebody resumed, or what ended otherwise before, was said then. Any number of processes share the plans.
 * @returns of how many plans.
 */
export async function announceOverPauses({
  db,
  signal,
}: {
  db: Database
  signal?: AbortSignal
}): Promise<number> {
  let sum = 0
  while (!signal?.aborted) {
    const isSaid = await db.transaction(async (tx) => {
      const plan = await lockOverPlan(tx)
      if (!plan) return false
      if (plan.endedAsPlanned > 0)
        await announcePlan(tx, plan, {
          ...{ kind: 'plan.over', tokensThat: 'ended-as-planned', at: plan.endsAt, by: plan },
          details: eventDetailsOf(plan),
        })
      await noteSaid(tx, plan.planId)
      return true
    })
    if (!isSaid) break
    sum += 1
  }
  return sum
}
