import type { Queryable } from '#db/client.ts'
import {
  type DuePlan,
  keepPlanProof,
  lockDuePlan,
  putOffPlan,
  type RunningPlan,
  sampleOfPlan,
  takeTurns,
} from '#db/queries/plans/bulk-plan-books.ts'
import { samplePausesOfPlan } from '#db/queries/plans/bulk-plan-pauses.ts'
import { afterCommit, hearStandby, type OnStandby } from '#db/transaction.ts'
import { keepProofOfPauses } from '../pauses/keep-proof.ts'
import type { Database } from '../process/database.ts'
import type { Keyring } from '../process/keyring.ts'
import { log } from '../process/log.ts'
import { proveRefusal } from '../proofs/ask.ts'
import { keepProof } from '../proofs/keep.ts'
import { sampleSize, tokensPerStep } from './limits.ts'
import { askStandbyOfPlans, noteUnconfirmedPlan } from './on-standby.ts'
import { planProofOf } from './proof.ts'
import { announceFailing, finish, lockForStep, runStep } from './run.ts'

/** Which plans fail, as far as this process has said so: two lines a state, however long it lasts. */
const failing = (() => {
  const plans = new Set<string>()
  return {
    began(planId: string): boolean {
      if (plans.has(planId)) return false
      // Plans that somebody stopped stay in it.
      if (plans.size >= 1_000) plans.clear()
      plans.add(planId)
      return true
    },
    ended: (planId: string) => plans.delete(planId),
  }
})()

let lastOnStandby: OnStandby = 'confirmed'

type Options = { db: Database; keys: Keyring; signal?: AbortSignal; atOnce?: number }

/**
 * Carries out the plans whose time has come, each in the name of who confirmed it, whatever has become of their membership since: a plan
 * is the store's or the partner's, and whoever may revoke there can cancel or stop it. Each step is one transaction with the place that
 * it came to: killed at any point, nothing is lost or done twice. Plans take turns, step by step, and one whose step fails is put off:
 * it holds up no other. Any number of processes share the plans.
 * @param atOnce tokens of a whole step; after one that failed the next is half as large.
 * @returns how many tokens were dealt with.
 * @throws where no plan can be looked for, or one that failed cannot be put off.
 */
export async function executePlans({ db, keys, signal, atOnce = tokensPerStep }: Options): Promise<number> {
  let sum = 0
  while (!signal?.aborted) {
    const { value: step, onStandby } = await hearStandby(() => doStep(db, { keys, atOnce }))
    if (!step) break
    // One line a state, as for what people revoke one line a revocation.
    if (onStandby === 'unconfirmed' && lastOnStandby === 'confirmed')
      log.error('what plans do is written, and not confirmed by the standby')
    if (onStandby === 'unconfirmed' && step.planId) await noteUnconfirmedPlan(db, step.planId)
    lastOnStandby = onStandby
    sum += step.done
    if (step.finished) await prove(step.finished, db)
  }
  await askStandbyOfPlans({ db })
  return sum
}

/** `planId`: null where it failed, and was put off. */
type Step = { done: number; planId: string | null; finished: RunningPlan | null }

/** Null where nothing is due, or others have it in hand. */
async function doStep(db: Database, tools: { keys: Keyring; atOnce: number }): Promise<Step | null> {
  const locked: { plan?: DuePlan | undefined } = {}
  try {
    return await db.transaction(async (tx) => {
      locked.plan = await lockDuePlan(tx)
      return locked.plan ? carryOut(tx, locked.plan, tools) : null
    })
  } catch (error) {
    if (!locked.plan) throw error
    await putOff(db, locked.plan, { error, wholeStep: tools.atOnce })
    return { done: 0, planId: null, finished: null }
  }
}

async function carryOut(
  tx: Queryable,
  plan: DuePlan,
  { keys, atOnce }: { keys: Keyring; atOnce: number },
): Promise<Step> {
  const limit = Math.min(plan.stepTokens ?? atOnce, atOnce)
  await lockForStep(tx, plan, limit)
  const { done, isEnd, sum } = await runStep(tx, plan, { limit, address: null, keys })
  if (isEnd) await finish(tx, plan, { done: sum })
  else await takeTurns(tx, plan.planId, atOnce)
  afterCommit(() => {
    if (failing.ended(plan.planId)) log.info({ planId: plan.planId }, 'a plan goes on again')
  })
  return { done, planId: plan.planId, finished: isEnd ? plan : null }
}

/** In a transaction of its own, for that of the step is taken back. */
async function putOff(
  db: Database,
  plan: DuePlan,
  { error, wholeStep }: { error: unknown; wholeStep: number },
) {
  const { planId } = plan
  // The smallest step has failed: it will not go on by being halved.
  const isStuck = plan.stepTokens === 1 || wholeStep === 1
  const goesOnAt = await db
    .transaction(async (tx) => {
      const later = await putOffPlan(tx, plan, wholeStep)
      if (later && isStuck) await announceFailing(tx, plan)
      return later
    })
    .catch((err) => {
      log.error({ err, planId }, 'a plan could not be put off')
      throw error
    })
  if (goesOnAt && failing.began(planId))
    log.error({ err: error, planId, goesOnAt }, 'a step of a plan failed: it is tried again each half minute')
}

/** The tokens are refused whatever becomes of this: without a proof the page says just that. */
async function prove({ planId, kind, side }: RunningPlan, db: Database) {
  try {
    const pauses = kind === 'pause' ? await samplePausesOfPlan(db, { planId, side }, sampleSize) : []
    const revokedIds = kind === 'revoke' ? await sampleOfPlan(db, planId, sampleSize) : []
    const tokenIds = [...revokedIds, ...pauses.map(({ tokenId }) => tokenId)]
    if (tokenIds.length === 0) return
    const proof = await proveRefusal({ tokenIds, confirmedAt: performance.now() }, { db })
    if (!proof) return
    if (proof.accepting.length > 0)
      log.error({ gateways: proof.accepting }, 'a gateway accepts a token that a plan revoked or paused')
    await keepPlanProof(db, planId, planProofOf(proof))
    if (pauses.length > 0) await keepProofOfPauses({ side, pauses, proof }, { db })
    else await keepProof({ tokenIds, proof }, { db })
  } catch (error) {
    log.error({ err: error, planId }, 'the refusal of tokens of a plan could not be proven')
  }
}
