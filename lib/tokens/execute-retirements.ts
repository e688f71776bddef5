import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfPlannedTokens } from '#db/queries/partners/partner-access.ts'
import {
  judgePlans,
  listOpenPlans,
  lockPlansToCarryOut,
  type OpenPlan,
  type PlanToSettle,
  settlePlans,
} from '#db/queries/tokens/retirement-plans.ts'
import { insertRevocations } from '#db/queries/tokens/revocations.ts'
import { insertChecks, takeDueChecks } from '#db/queries/tokens/token-checks.ts'
import type { Database } from '../process/database.ts'

/** Plans settled in one transaction. */
const plansPerBatch = 50
/** A plan that somebody had in hand. */
const lookAgainAfterMs = 10_000

export type RetirementsDone = {
  /** Old tokens revoked by their plans. */
  retired: number
  /** Plans that came to nothing: the old token had ended, or its successor had. */
  dropped: number
}

/**
 * Carries out the retirements that are due by the database's clock, each in the name of who planned it, whatever has
 * become of their membership since. Any number of processes may do so at once; each plan is settled once.
 * Looks at what is due and at what something happened to, not at all open plans.
 */
export async function executeRetirements({
  db,
  signal,
}: {
  db: Database
  signal?: AbortSignal
}): Promise<RetirementsDone> {
  const done = { retired: 0, dropped: 0 }
  let lookedAt: number
  do {
    if (signal?.aborted) break
    const batch = await db.transaction(settleBatch)
    for (const { leadsTo } of batch.settled) done[leadsTo === 'revocation' ? 'retired' : 'dropped'] += 1
    lookedAt = batch.lookedAt
    // What ended just now may let the end of what it renewed become due.
  } while (lookedAt > 0)
  return done
}

async function settleBatch(tx: Queryable): Promise<{ lookedAt: number; settled: PlanToSettle[] }> {
  const checked = await takeDueChecks(tx, 'plan', plansPerBatch)
  const found = await lockPlansToCarryOut(tx, checked, plansPerBatch)
  const lookedAt = checked.length + found.length
  if (lookedAt === 0) return { lookedAt, settled: [] }
  await checkLater(tx, checked, found)
  const due = found.filter(({ isReady }) => isReady)
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
  return { lookedAt, settled: plans }
}

/** Open plans that nothing becomes of yet are looked at again when time may change that, those in others' hands soon. */
async function checkLater(tx: Queryable, checked: string[], found: OpenPlan[]) {
  const locked = new Set(found.map(({ successorId }) => successorId))
  const open = await listOpenPlans(tx, checked)
  const soon = new Date((await currentTime(tx)).getTime() + lookAgainAfterMs).toISOString()
  await insertChecks(tx, [
    ...found
      .filter(({ isReady }) => !isReady)
      .map((plan) => ({ kind: 'plan' as const, tokenId: plan.successorId, dueAt: plan.nextCheckAt })),
    ...open
      .filter((id) => !locked.has(id))
      .map((tokenId) => ({ kind: 'plan' as const, tokenId, dueAt: soon })),
  ])
}

async function revokeByPlan(
  tx: Queryable,
  { tokenId, side, userId, userName, userRole }: PlanToSettle,
  at: Date,
) {
  await insertRevocations(
    tx,
    { tokenId },
    {
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
    },
  )
}
