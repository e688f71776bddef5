import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import {
  countOpenPlans,
  findPlan,
  freezeTokens,
  insertPlan,
  lockFreezing,
  type NewPlan,
} from '#db/queries/plans/bulk-plans.ts'
import { type Actor, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { idOf } from '../access/party.ts'
import { asChanger } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { consume, keyOf } from '../rate-limits/limiter.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { readListQuery, unreadFilters, writeListQuery } from '../tokens/review/list-query.ts'
import { confirmWithinMs, maxOpenPlans, maxOpenTokens, maxPlanned, planLimits } from './limits.ts'
import { matchOf } from './match.ts'
import type { FreezeInput } from './schemas.ts'

/**
 * `not-found`: no such plan, of whose stores or partners all tokens were wanted, or what it paused. `nothing-matches`: or a list that shows none that are
 * live. `unread-filters`: nobody knows what the list showed. `too-many-tokens`: more than {@link maxPlanned}. `too-many-plans`: so many wait to be confirmed.
 */
export type FreezeRefusal =
  | 'signed-out'
  | 'not-allowed'
  | 'not-found'
  | 'nothing-matches'
  | 'unread-filters'
  | 'too-many-tokens'
  | 'too-many-plans'
  | TooOften

/**
 * Makes a plan of all live tokens that the list of the actor shows on its pages: their ids are frozen, nothing is done with them. What
 * is issued later is not among them.
 */
export async function freezePlan(
  actor: Actor,
  input: FreezeInput,
  { db }: { db: Database },
): Promise<Result<{ planId: string }, FreezeRefusal>> {
  const planId = uuidv7()
  return changing<null, { planId: string }, FreezeRefusal, null, FreezeRefusal>(asChanger(actor), db, {
    async first() {
      // One after the other: what one person is refused does not use up what the others have.
      const alone = await consume(db, planLimits.person, keyOf(actor.credential?.id ?? actor.userId))
      const waitSeconds = alone || (await consume(db, planLimits.party, keyOf(actor.side, idOf(actor))))
      return waitSeconds > 0 ? refuse({ kind: 'too-often', waitSeconds }) : ok(null)
    },
    // Of two at once the second counts what the first one made. Issuing goes on.
    async lock(tx) {
      await lockFreezing(tx, actor)
      return ok(null)
    },
    async change(tx) {
      const open = await countOpenPlans(tx, actor, { withinMs: confirmWithinMs })
      if (open.plans >= maxOpenPlans) return refuse('too-many-plans')
      const source = await sourceOf(tx, actor, input)
      if (!source.ok) return source
      const { userRole: role, ...person } = recordedActing(actor)
      const by = { ...person, role }
      const plan: NewPlan = { id: planId, scope: actor, ...source.value, by }
      return written(tx, plan, { room: maxOpenTokens - open.tokens })
    },
  })
}

type Source = Pick<NewPlan, 'chosen' | 'from'>

async function sourceOf(
  tx: Queryable,
  actor: Actor,
  input: FreezeInput,
): Promise<Result<Source, 'not-found' | 'nothing-matches' | 'unread-filters'>> {
  if (!('chosen' in input)) {
    const planId = 'aroundPlanId' in input ? input.aroundPlanId : input.pausedByPlanId
    const plan = await findPlan(tx, actor, planId)
    return plan?.isOwn ? ok({ chosen: plan.chosen, from: input }) : refuse('not-found')
  }
  const params = Object.fromEntries(new URLSearchParams(input.chosen))
  // Without them all the tokens of the tab would be meant.
  if (unreadFilters(params).length > 0) return refuse('unread-filters')
  const query = readListQuery(params, actor.side)
  const match = matchOf(query, actor)
  if (!match) return refuse('nothing-matches')
  const { after: _, before: __, ...whole } = query
  return ok({ chosen: writeListQuery(whole, actor.side).toString(), from: { match } })
}

/** All of it or nothing: what is refused is taken back. */
async function written(
  tx: Queryable,
  plan: NewPlan,
  { room }: { room: number },
): Promise<Result<{ planId: string }, FreezeRefusal>> {
  const refusal = { is: null as FreezeRefusal | null }
  const takenBack = new Error('the plan is taken back')
  try {
    await tx.transaction(async (savepoint) => {
      const count = await freezeTokens(savepoint, plan, maxPlanned + 1)
      if (count === 0) refusal.is = 'nothing-matches'
      else if (count > maxPlanned) refusal.is = 'too-many-tokens'
      else if (count > room) refusal.is = 'too-many-plans'
      if (refusal.is) throw takenBack
      await insertPlan(savepoint, plan)
    })
  } catch (error) {
    if (error !== takenBack) throw error
  }
  return refusal.is ? refuse(refusal.is) : ok({ planId: plan.id })
}
