import { listTokensToRenew } from '#db/queries/plans/bulk-plan-books.ts'
import {
  countPausesOfPlan,
  countTokensToPause,
  countTokensToResume,
  hasOpenPauses,
  type PauseCounts,
} from '#db/queries/plans/bulk-plan-pauses.ts'
import {
  findPlan,
  listEndedSince,
  listIssuedSince,
  listLeftOut,
  listPlanParties,
  listPlans,
  type PlanRow,
} from '#db/queries/plans/bulk-plans.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import { packages } from '#db/schema/stores.ts'
import type { Actor } from '../access/actor.ts'
import { lastResumeSeconds } from '../pauses/limits.ts'
import { pauseLimits } from '../pauses/pause.ts'
import type { Database } from '../process/database.ts'
import { hasApis } from '../tokens/model/policy.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import { type ListQuery, readListQuery } from '../tokens/review/list-query.ts'
import { planHash } from './hash.ts'
import type { PlanKind } from './kinds.ts'
import { maxAtOnce, maxNamed, partiesPerPage, plansPerPage } from './limits.ts'
import { matchOf } from './match.ts'
import { type PlanState, planStateOf } from './state.ts'

/** A plan as its page and the list have it. */
export type Plan = Omit<PlanRow, 'idsHash' | 'confirmation' | 'dueAt'> & {
  state: PlanState
  /** Its last step failed: when the next one is tried. */
  goesOnAt: Date | null
  confirmation: Omit<NonNullable<PlanRow['confirmation']>, 'address' | 'userId' | 'credentialId'> | null
}

export type { PauseCounts }

const described = ({ idsHash: _, confirmation, dueAt, ...plan }: PlanRow): Plan => {
  const {
    address: __,
    userId: ___,
    credentialId: ____,
    ...shown
  } = confirmation ?? ({} as NonNullable<typeof confirmation>)
  const state = planStateOf({ ...plan, confirmation }, plan.asOf)
  return {
    ...plan,
    confirmation: confirmation && shown,
    state,
    goesOnAt: state === 'running' && dueAt && dueAt > plan.asOf ? dueAt : null,
  }
}

/** Some tokens by name; `isMore`: there are others. */
export type Named = { tokens: Token[]; isMore: boolean }

/** What only whose plan it is sees of it. */
export type OwnPlan = {
  /** Of the list whose tokens they are. */
  query: ListQuery
  /** What a form has to send back that confirms it. */
  hashes: Record<PlanKind, string>
  parties: Awaited<ReturnType<typeof listPlanParties>>
  /** The rank behind which the next page begins; null at the end. */
  nextRank: number | null
  /** Tokens that match as those of the plan do, and came too late for it: they stay as they are. */
  issuedSince: Named
  /** Tokens of the plan that ended since they were frozen, while nothing was done with them by the plan. */
  endedSince: Named
  /** What the plan left as it was, and why; one page. */
  leftOut: { token: Token; why: Awaited<ReturnType<typeof listLeftOut>>[number]['why'] }[]
  /** The id behind which its next page begins; null at the end. */
  nextLeftOut: string | null
}

/**
 * The plan `planId` of the actor's store or partner, or one of the other side that was confirmed and concerns it: of that, `own` is null.
 * `pauseCounts`: of the actor's tokens, where it paused any.
 * Null: there is none for them.
 */
export async function readPlan(
  actor: Actor,
  {
    planId,
    afterRank = 0,
    afterLeftOut,
  }: { planId: string; afterRank?: number; afterLeftOut?: string | undefined },
  { db }: { db: Database },
): Promise<{ plan: Plan; pauseCounts: PauseCounts | null; own: OwnPlan | null } | null> {
  const row = await findPlan(db, actor, planId)
  if (!row) return null
  const plan = described(row)
  const pauseCounts = plan.confirmation?.kind === 'pause' ? await countPausesOfPlan(db, actor, planId) : null
  if (!plan.isOwn) return { plan, pauseCounts, own: null }
  const query = readListQuery(Object.fromEntries(new URLSearchParams(plan.chosen)), actor.side)
  const match = matchOf(query, actor)
  const isOpen = ['frozen', 'announced', 'running'].includes(plan.state)
  const ask = maxNamed + 1
  const [parties, late, ended, passed] = await Promise.all([
    listPlanParties(db, actor, { planId, after: afterRank, limit: partiesPerPage + 1 }),
    match && plan.aroundPlanId === null && namesIssuedSince(plan)
      ? listIssuedSince(db, actor, {
          planId,
          match,
          since: plan.frozenAt,
          until: plan.finishedAt,
          limit: ask,
        })
      : [],
    isOpen && plan.state !== 'running'
      ? listEndedSince(db, actor, {
          planId,
          planTokens: plan.tokens,
          since: plan.frozenAt,
          limit: ask,
        })
      : [],
    listLeftOut(db, actor, { planId, after: afterLeftOut, limit: partiesPerPage + 1 }),
  ])
  const shownPassed = passed.slice(0, partiesPerPage)
  const shownLate = late.slice(0, maxNamed)
  const shownEnded = ended.slice(0, maxNamed)
  const rows = await findTokens(db, actor, [
    ...shownLate,
    ...shownEnded,
    ...shownPassed.map(({ tokenId }) => tokenId),
  ])
  const tokens = new Map(rows.map((one) => [one.id, describeToken(one)]))
  const named = (ids: string[]) => ids.flatMap((id) => tokens.get(id) ?? [])
  return {
    plan,
    pauseCounts,
    own: {
      query,
      hashes: {
        revoke: planHash('revoke', row.idsHash),
        renew: planHash('renew', row.idsHash),
        pause: planHash('pause', row.idsHash),
        resume: planHash('resume', row.idsHash),
      },
      parties: parties.slice(0, partiesPerPage),
      nextRank: parties.length > partiesPerPage ? (parties.at(partiesPerPage - 1)?.rank ?? null) : null,
      issuedSince: { tokens: named(shownLate), isMore: late.length > maxNamed },
      endedSince: { tokens: named(shownEnded), isMore: ended.length > maxNamed },
      leftOut: shownPassed.flatMap(({ tokenId, why }) => {
        const token = tokens.get(tokenId)
        return token ? [{ token, why }] : []
      }),
      nextLeftOut: passed.length > partiesPerPage ? (shownPassed.at(-1)?.tokenId ?? null) : null,
    },
  }
}

/** What is renewed or resumed lives anyway, and what a plan paused is no list. */
const namesIssuedSince = ({ confirmation, pausedByPlanId, prunedAt }: Plan) =>
  confirmation?.kind !== 'renew' && confirmation?.kind !== 'resume' && pausedByPlanId === null && !prunedAt

/** Of a plan's tokens: how many something could be done with now, and how many would be left as they are. */
export type PossibleCounts = { possible: number; leftOut: number }

/** How many of a plan's tokens could be renewed now; null where there are more than can be at once. */
export async function countRenewable(
  plan: Pick<Plan, 'id' | 'side' | 'tokens' | 'asOf'>,
  { db }: { db: Database },
): Promise<PossibleCounts | null> {
  if (plan.tokens > maxAtOnce) return null
  const found = await listTokensToRenew(
    db,
    { planId: plan.id, side: plan.side, at: plan.asOf, packages: packages.filter(hasApis) },
    maxAtOnce,
  )
  const possible = found.filter(({ why }) => why === null).length
  return { possible, leftOut: found.length - possible }
}

/** How many could be paused now; null where there are too many to look at each. */
export async function countPausable(
  plan: Pick<Plan, 'id' | 'side' | 'tokens' | 'asOf'>,
  { db }: { db: Database },
): Promise<PossibleCounts | null> {
  if (plan.tokens > maxAtOnce) return null
  const { id: planId, side, asOf: at } = plan
  return countTokensToPause(db, { planId, side, at, limits: pauseLimits })
}

/** How many could be resumed now; null as of {@link countPausable}. */
export async function countResumable(
  plan: Pick<Plan, 'id' | 'side' | 'storeId' | 'partnerId' | 'tokens'>,
  { db }: { db: Database },
): Promise<PossibleCounts | null> {
  if (plan.tokens > maxAtOnce) return null
  if (!(await hasOpenPauses(db, plan))) return { possible: 0, leftOut: plan.tokens }
  return countTokensToResume(db, { planId: plan.id, side: plan.side, lastSeconds: lastResumeSeconds })
}

/** The plans of the actor's store or partner, and those of the other side that concern it, the last first. @param before a plan's id. */
export async function readPlans(
  actor: Actor,
  { before }: { before?: string | undefined },
  { db, size = plansPerPage }: { db: Database; size?: number },
): Promise<{ plans: Plan[]; nextBefore: string | null }> {
  const rows = await listPlans(db, actor, { before, limit: size + 1 })
  const plans = rows.slice(0, size).map(described)
  return { plans, nextBefore: rows.length > size ? (plans.at(-1)?.id ?? null) : null }
}
