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
import { inSavepoint } from '#db/transaction.ts'
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
 * Looks at what is due and at what something happened to, not at all open plans. One that fails holds up no other: it stays open, and
 * is left for the next time.
 * @throws when the others are done: which one failed, the first of them, and with what.
 */
export async function executeRetirements({
  db,
  signal,
}: {
  db: Database
  signal?: AbortSignal
}): Promise<RetirementsDone> {
  const done = { retired: 0, dropped: 0 }
  const failed: Failed = new Map()
  let lookedAt: number
  do {
    if (signal?.aborted) break
    const batch = await db.transaction((tx) => settleBatch(tx, failed))
    for (const { leadsTo } of batch.settled) done[leadsTo === 'revocation' ? 'retired' : 'dropped'] += 1
    lookedAt = batch.lookedAt
    // What ended just now may let the end of what it renewed become due.
  } while (lookedAt > 0)
  for (const [successorId, cause] of failed)
    throw new Error(`the plan for the token that ${successorId} renewed could not be carried out`, { cause })
  return done
}

/** By the successor, with what. */
type Failed = Map<string, unknown>

async function settleBatch(
  tx: Queryable,
  failed: Failed,
): Promise<{ lookedAt: number; settled: PlanToSettle[] }> {
  const checked = await takeDueChecks(tx, 'plan', plansPerBatch)
  const besides = [...failed.keys()]
  const found = await lockPlansToCarryOut(tx, { checked, besides, limit: plansPerBatch })
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
  const unsettled = await settleApart(tx, plans, now)
  for (const [successorId, error] of unsettled) failed.set(successorId, error)
  await checkLater(
    tx,
    checked.filter((successorId) => unsettled.has(successorId)),
    [],
  )
  return { lookedAt, settled: plans.filter(({ successorId }) => !unsettled.has(successorId)) }
}

/** Together, and where that fails one by one. @returns those that failed by themselves, and are as they were. */
async function settleApart(tx: Queryable, plans: PlanToSettle[], at: Date): Promise<Failed> {
  if (plans.length === 0) return new Map()
  try {
    await inSavepoint(tx, async (savepoint) => {
      for (const plan of plans) if (plan.leadsTo === 'revocation') await revokeByPlan(savepoint, plan, at)
      await settlePlans(
        savepoint,
        plans.map(({ successorId }) => successorId),
        at,
      )
    })
    return new Map()
  } catch (error) {
    const [first, ...others] = plans
    if (first && others.length === 0) return new Map([[first.successorId, error]])
    const failed: Failed = new Map()
    for (const plan of plans) for (const [id, why] of await settleApart(tx, [plan], at)) failed.set(id, why)
    return failed
  }
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
