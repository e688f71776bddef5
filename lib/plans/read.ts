import { listTokensToRenew } from '#db/queries/plans/bulk-plan-books.ts'
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
import type { Database } from '../process/database.ts'
import { hasApis } from '../tokens/model/policy.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import { type ListQuery, readListQuery } from '../tokens/review/list-query.ts'
import { planHash } from './hash.ts'
import { maxAtOnce, maxNamed, partiesPerPage, plansPerPage } from './limits.ts'
import { matchOf } from './match.ts'
import { type PlanState, planStateOf } from './state.ts'

/** A plan as its page and the list have it. */
export type Plan = Omit<PlanRow, 'idsHash' | 'confirmation' | 'dueAt'> & {
  state: PlanState
  /** Its last step failed: when the next one is tried. */
  goesOnAt: Date | null
  confirmation: Omit<NonNullable<PlanRow['confirmation']>, 'address' | 'userId'> | null
}

const described = ({ idsHash: _, confirmation, dueAt, ...plan }: PlanRow): Plan => {
  const { address: __, userId: ___, ...shown } = confirmation ?? ({} as NonNullable<typeof confirmation>)
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
  hashes: { revoke: string; renew: string }
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
): Promise<{ plan: Plan; own: OwnPlan | null } | null> {
  const row = await findPlan(db, actor, planId)
  if (!row) return null
  const plan = described(row)
  if (!plan.isOwn) return { plan, own: null }
  const query = readListQuery(Object.fromEntries(new URLSearchParams(plan.chosen)), actor.side)
  const match = matchOf(query, actor)
  const isOpen = ['frozen', 'announced', 'running'].includes(plan.state)
  const ask = maxNamed + 1
  const [parties, late, ended, passed] = await Promise.all([
    listPlanParties(db, actor, { planId, after: afterRank, limit: partiesPerPage + 1 }),
    match && plan.aroundPlanId === null && plan.confirmation?.kind !== 'renew' && !plan.prunedAt
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
    own: {
      query,
      hashes: { revoke: planHash('revoke', row.idsHash), renew: planHash('renew', row.idsHash) },
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

export type RenewableCounts = { renewable: number; leftOut: number }

/** How many of a plan's tokens could be renewed now; null where there are more than can be at once. */
export async function countRenewable(
  plan: Pick<Plan, 'id' | 'side' | 'tokens' | 'asOf'>,
  { db }: { db: Database },
): Promise<RenewableCounts | null> {
  if (plan.tokens > maxAtOnce) return null
  const found = await listTokensToRenew(
    db,
    { planId: plan.id, side: plan.side, at: plan.asOf, packages: packages.filter(hasApis) },
    maxAtOnce,
  )
  const renewable = found.filter(({ why }) => why === null).length
  return { renewable, leftOut: found.length - renewable }
}

/** The plans of the actor's store or partner, and those of the other side that concern it, the last first. @param before a plan's id. */
export async function readPlans(
  actor: Actor,
  { before }: { before?: string | undefined },
  { db }: { db: Database },
): Promise<{ plans: Plan[]; nextBefore: string | null }> {
  const rows = await listPlans(db, actor, { before, limit: plansPerPage + 1 })
  const plans = rows.slice(0, plansPerPage).map(described)
  return { plans, nextBefore: rows.length > plansPerPage ? (plans.at(-1)?.id ?? null) : null }
}
