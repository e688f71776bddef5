import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  announcePlan,
  deleteIdsOfUnconfirmed,
  finishPlan,
  insertEnd,
  type RunningPlan,
} from '#db/queries/plans/bulk-plan-books.ts'
import { lockPlan, type PlanRow } from '#db/queries/plans/bulk-plans.ts'
import { type Actor, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import { eventDetailsOf } from './run.ts'
import { planStateOf } from './state.ts'

type Tools = { db: Database; address: string | null }

/** `begun`: its time has come: what is not done yet can be stopped. `over`: done, stopped or cancelled before, or nobody confirmed it in time. */
export type CancelPlanRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'begun' | 'over'

/** Nothing becomes of a plan that nobody has confirmed, or whose time has not come. Whoever may revoke may, whoever made it. */
export function cancelPlan(
  actor: Actor,
  { planId }: { planId: string },
  { db, address }: Tools,
): Promise<Result<{ planId: string }, CancelPlanRefusal>> {
  return changing<PlanRow, { planId: string }, CancelPlanRefusal>(asChanger(actor), db, {
    lock: async (tx) => found(await lockPlan(tx, actor, planId)),
    async change(tx, plan) {
      const now = await currentTime(tx)
      const state = planStateOf(plan, now)
      if (state === 'running') return refuse('begun')
      if (state !== 'frozen' && state !== 'announced') return refuse('over')
      await endPlan(tx, actor, plan, { kind: 'cancelled', at: now, address })
      return ok({ planId })
    },
  })
}

/** `not-begun`: nobody confirmed it, or its time has not come: it can be cancelled. `over`: as {@link CancelPlanRefusal}. */
export type StopPlanRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'not-begun' | 'over'

/** What is not done yet of a plan that is under way is not done. What was revoked stays revoked. */
export function stopPlan(
  actor: Actor,
  { planId }: { planId: string },
  { db, address }: Tools,
): Promise<Result<{ planId: string }, StopPlanRefusal>> {
  return changing<PlanRow, { planId: string }, StopPlanRefusal>(asChanger(actor), db, {
    lock: async (tx) => found(await lockPlan(tx, actor, planId)),
    async change(tx, plan) {
      const now = await currentTime(tx)
      const state = planStateOf(plan, now)
      if (state === 'frozen' || state === 'announced') return refuse('not-begun')
      if (state !== 'running') return refuse('over')
      await endPlan(tx, actor, plan, { kind: 'stopped', at: now, address })
      return ok({ planId })
    },
  })
}

/**
 * The same for whoever ends more in their transaction: what nobody confirmed or what is over by then stays as it is. Waits for the step
 * of the worker that is under way.
 * @param actor who may change tokens, as they are in this transaction.
 */
export async function endConfirmedPlan(
  tx: Queryable,
  actor: Actor,
  { planId, address }: { planId: string; address: string | null },
): Promise<void> {
  const plan = await lockPlan(tx, actor, planId)
  if (!plan) return
  const at = await currentTime(tx)
  const state = planStateOf(plan, at)
  if (state === 'announced') await endPlan(tx, actor, plan, { kind: 'cancelled', at, address })
  if (state === 'running') await endPlan(tx, actor, plan, { kind: 'stopped', at, address })
}

async function endPlan(
  tx: Queryable,
  actor: Actor,
  plan: PlanRow,
  { kind, at, address }: { kind: 'cancelled' | 'stopped'; at: Date; address: string | null },
) {
  const { id: planId, side, storeId, partnerId, confirmation } = plan
  const by = recordedActing(actor)
  await insertEnd(tx, { planId, kind, endedAt: at, ...by })
  await finishPlan(tx, planId, at)
  await recordAudit(tx, [
    {
      ...{ action: `plan.${kind}` as const, occurredAt: at, by: actor, address },
      ...{ storeId: storeId || null, partnerId: partnerId || null },
      details: { planId, tokens: `${kind === 'stopped' ? plan.done : plan.tokens}` },
    },
  ])
  // Of what nobody confirmed nobody has heard, and nothing can become of its ids.
  if (!confirmation) return deleteIdsOfUnconfirmed(tx, planId)
  const running = { ...confirmation, planId, side, storeId, partnerId, isScheduled: false } as const
  await announcePlan(tx, running satisfies Pick<RunningPlan, 'planId' | 'side' | 'storeId' | 'partnerId'>, {
    ...{ kind: `plan.${kind}` as const, at, by },
    tokensThat: kind === 'stopped' ? 'were-dealt-with' : 'are-to-be',
    details: {
      ...eventDetailsOf({ ...running, credentialId: actor.credential?.id ?? null }),
      ...(confirmation.runAt && { runAt: confirmation.runAt.toISOString() }),
    },
  })
}
