import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfPlannedTokens } from '#db/queries/partner-access.ts'
import { judgePlans, lockDuePlans, type PlanToSettle, settlePlans } from '#db/queries/retirement-plans.ts'
import { insertRevocations } from '#db/queries/revocations.ts'
import type { Database } from '../database.ts'

/** Plans settled in one transaction. */
const plansPerBatch = 50

export type RetirementsDone = {
  /** Old tokens revoked by their plans. */
  retired: number
  /** Plans that came to nothing: the old token had ended, or its successor had. */
  dropped: number
}

/**
 * Carries out the retirements that are due by the database's clock, each in the name of who planned it, whatever has
 * become of his membership since. Any number of processes may do so at once; each plan is settled once.
 */
export async function executeRetirements({
  db,
  signal,
}: {
  db: Database
  signal?: AbortSignal
}): Promise<RetirementsDone> {
  const done = { retired: 0, dropped: 0 }
  let settled: number
  do {
    if (signal?.aborted) break
    const batch = await db.transaction(settleBatch)
    for (const { leadsTo } of batch) done[leadsTo === 'revocation' ? 'retired' : 'dropped'] += 1
    settled = batch.length
    // What ended just now may let the end of what it renewed become due.
  } while (settled > 0)
  return done
}

async function settleBatch(tx: Queryable): Promise<PlanToSettle[]> {
  const due = await lockDuePlans(tx, plansPerBatch)
  if (due.length === 0) return []
  await lockAccessOfPlannedTokens(
    tx,
    due.map(({ tokenId }) => tokenId),
  )
  // Between being found and being locked a successor may have been revoked: then the original must live.
  const plans = await judgePlans(
    tx,
    due.map(({ successorId }) => successorId),
  )
  const now = await currentTime(tx)
  for (const plan of plans) {
    if (plan.leadsTo === 'revocation') await revokeByPlan(tx, plan, now)
  }
  await settlePlans(
    tx,
    plans.map(({ successorId }) => successorId),
    now,
  )
  return plans
}

async function revokeByPlan(
  tx: Queryable,
  { tokenId, side, userId, userName, userRole }: PlanToSettle,
  at: Date,
) {
  const reach = { by: 'token', tokenId } as const
  await insertRevocations(tx, reach, {
    tokenIds: [tokenId],
    extent: 'chosen',
    at,
    siblingsUntil: undefined,
    side,
    userId,
    userName,
    userRole,
    reason: 'replaced',
    note: null,
    address: null,
    details: { by: 'plan' },
  })
}
