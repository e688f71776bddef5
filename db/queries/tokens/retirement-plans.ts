import { and, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { retirementPlans } from '../../schema/retirement-plans.ts'
import { tokens } from '../../schema/tokens.ts'
import { users } from '../../schema/users.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import { isNotRevoked } from './ends.ts'
import { chainIsAdopted, chainIsLive, firstEndOfChain } from './renewal-chains.ts'

/**
 * Plans are locked before the access list (`lockAccessOfTokens`), by everybody who takes both: executors pass over
 * plans that are locked, and nobody who holds a row of the access list waits for a plan.
 */

export async function insertPlans(
  tx: Queryable,
  plans: Omit<typeof retirementPlans.$inferInsert, 'userEmail'>[],
) {
  if (plans.length === 0) return
  await tx.insert(retirementPlans).values(plans.map((plan) => ({ ...plan, userEmail: emailOf(plan.userId) })))
}

/** The open plans to retire the token, if it is in scope; whoever else wants one waits until we commit. */
export async function lockPlansOfToken(tx: Queryable, scope: Party, tokenId: string) {
  return tx
    .select({ successorId: retirementPlans.successorId })
    .from(retirementPlans)
    .innerJoin(tokens, eq(tokens.id, retirementPlans.tokenId))
    .where(
      and(inScope(scope, tokens), eq(retirementPlans.tokenId, tokenId), isNull(retirementPlans.settledAt)),
    )
    .orderBy(retirementPlans.successorId)
    .for('update', { of: retirementPlans })
}

/** From now on nothing comes of them. */
export async function settlePlans(tx: Queryable, successorIds: string[], at: Date) {
  if (successorIds.length === 0) return
  await tx
    .update(retirementPlans)
    .set({ settledAt: at })
    .where(inArray(retirementPlans.successorId, successorIds))
}

const oldIsLive = sql`exists (
  select from tokens live_token where live_token.id = plan.token_id and live_token.expires_at > clock_timestamp()
    and ${isNotRevoked('live_token')} offset 0)`
const successorIsLive = chainIsLive(sql`plan.successor_id`)
/** By the database's clock: its day has come, or the successor, or what replaced it, was used. */
const isDue = sql`case when plan.retire_at is null
  then ${chainIsAdopted(sql`plan.successor_id`)}
  else plan.retire_at <= clock_timestamp() end`

/** When something may become of the plan by time alone: what it waits for is live until then. */
const nextCheckAt = sql`least(plan.retire_at, (select expires_at from tokens where id = plan.token_id),
  (${firstEndOfChain(sql`plan.successor_id`)}))`

export type OpenPlan = { successorId: string; tokenId: string; isReady: boolean; nextCheckAt: string }

const openPlan = sql`select plan.successor_id as "successorId", plan.token_id as "tokenId",
  ${isDue} or not ${oldIsLive} or not ${successorIsLive} as "isReady", ${nextCheckAt}::text as "nextCheckAt"
  from ${retirementPlans} plan where plan.settled_at is null`

/**
 * Open plans whose day has come, and those of the successors `checked`, whether anything can become of them now or not
 * (`isReady`); locked. Those that somebody else has in hand are passed over, and of the former `besides`. What it costs goes by what it finds:
 * no index is asked for `clock_timestamp()`, which changes while it is read.
 */
export async function lockPlansToCarryOut(
  tx: Queryable,
  { checked, besides, limit }: { checked: string[]; besides: string[]; limit: number },
) {
  const { rows: ofDate } = await tx.execute<OpenPlan>(sql`
    ${openPlan} and plan.retire_at <= statement_timestamp() and ${notInArray(sql`plan.successor_id`, besides)}
    order by plan.retire_at, plan.successor_id limit ${limit} for update of plan skip locked`)
  if (checked.length === 0) return ofDate
  const { rows: ofChecks } = await tx.execute<OpenPlan>(sql`
    ${openPlan} and ${inArray(sql`plan.successor_id`, checked)}
    order by plan.successor_id for update of plan skip locked`)
  const known = new Set(ofDate.map(({ successorId }) => successorId))
  return [...ofDate, ...ofChecks.filter(({ successorId }) => !known.has(successorId))]
}

/** Those of the successors whose plan is open, whoever has it in hand. */
export async function listOpenPlans(tx: Queryable, successorIds: string[]): Promise<string[]> {
  const { successorId, settledAt } = retirementPlans
  const rows = await tx
    .select({ successorId })
    .from(retirementPlans)
    .where(and(inArray(successorId, successorIds), isNull(settledAt)))
  return rows.map((row) => row.successorId)
}

export type PlanToSettle = {
  successorId: string
  tokenId: string
  side: Party['side']
  userId: string
  userName: string
  userRole: (typeof retirementPlans.$inferSelect)['userRole']
  /** `nothing`: its token has ended, or its successor has and was not replaced: that never takes the original along. */
  leadsTo: 'revocation' | 'nothing'
}

/** What comes of plans that are locked, and whose rows of the access list are: nothing of it can change until we commit. */
export async function judgePlans(tx: Queryable, successorIds: string[]): Promise<PlanToSettle[]> {
  if (successorIds.length === 0) return []
  const { rows } = await tx.execute<PlanToSettle>(sql`
    select plan.successor_id as "successorId", plan.token_id as "tokenId", plan.side, plan.user_id as "userId",
      coalesce(plan.user_name, planner.name) as "userName", plan.user_role as "userRole",
      case when ${isDue} and ${oldIsLive} and ${successorIsLive} then 'revocation' else 'nothing' end as "leadsTo"
    from ${retirementPlans} plan join ${users} planner on planner.id = plan.user_id
    where ${inArray(sql`plan.successor_id`, successorIds)}
    order by plan.successor_id`)
  return rows
}
