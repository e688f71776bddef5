import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import {
  bulkPlanBooks,
  bulkPlanConfirmations,
  bulkPlanEnds,
  bulkPlanLeftOut,
  bulkPlanParties,
  bulkPlans,
  bulkPlanTokens,
  type leftOutWhys,
} from '../../schema/bulk-plans.ts'
import { cutOffs } from '../../schema/cut-offs.ts'
import { partners } from '../../schema/partners.ts'
import { pauseBooks } from '../../schema/pauses.ts'
import { revocations } from '../../schema/revocations.ts'
import { stores } from '../../schema/stores.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokenUsageHours } from '../../schema/token-usage-hours.ts'
import { tokens } from '../../schema/tokens.ts'
import { forOwnSide, inScope, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import { isNotRevoked, isPausedToTheEnd, isRecorded, openPauses } from '../tokens/ends.ts'
import { type LiveMatch, matchingLiveIds } from '../tokens/matching-tokens.ts'
import { stillLive, walkedTokens } from '../tokens/walked-tokens.ts'

/** Whose plan it is: the party's own, whatever the other side of its tokens. */
const isOwn = (scope: Party): SQL =>
  and(eq(bulkPlans.side, scope.side), inScope(scope, bulkPlans)) ?? sql`false`

/** One of its tokens is the party's. */
const concerns = (scope: Party): SQL =>
  sql`exists (select from ${bulkPlanParties} where ${bulkPlanParties.planId} = ${bulkPlans.id} and ${inScope(scope, bulkPlanParties)} offset 0)`

export type NewPlan = {
  id: string
  scope: Party
  /** The parameters of the list. */
  chosen: string
  from: { match: LiveMatch } | { aroundPlanId: string } | { pausedByPlanId: string }
  by: { userId: string; userName: string; role: (typeof bulkPlans.$inferInsert)['userRole'] }
}

/** Live tokens of the stores and partners of a plan, its own among them. */
const liveIdsAround = (scope: Party, planId: string): SQL => sql`
  select ${tokens.id} as id from ${liveOfPairs(scope, planId)} where ${stillLive(scope)}`

/** Live tokens that a plan of the scope paused, and whose pause is open. */
const stillPausedIds = (scope: Party, planId: string): SQL => sql`
  select tokens.id from ${bulkPlanTokens} paused join ${tokens} on tokens.id = paused.token_id
  where paused.plan_id = ${planId}::uuid and ${inScope(scope, tokens)} and tokens.expires_at > now() and ${isNotRevoked('tokens')}
    and exists (select from ${openPauses('tokens')} and pause.side = ${scope.side} and pause.plan_id = paused.plan_id offset 0)`

function idsOf(scope: Party, from: NewPlan['from']): SQL {
  if ('match' in from) return matchingLiveIds(scope, from.match)
  return 'aroundPlanId' in from
    ? liveIdsAround(scope, from.aroundPlanId)
    : stillPausedIds(scope, from.pausedByPlanId)
}

/** One of the two is the scope's own: joined by both, PostgreSQL takes them for next to nothing. */
function liveOfPairs(scope: Party, planId: string): SQL {
  const otherId = scope.side === 'merchant' ? sql`partner_id` : sql`store_id`
  return sql`(select distinct ${otherId} from ${bulkPlanParties} where plan_id = ${planId}::uuid) pair
    join ${walkedTokens} on tokens.${otherId} = pair.${otherId}`
}

/**
 * Freezes the ids of what is live now; `limit` at most are written down.
 * @returns how many.
 */
export async function freezeTokens(
  tx: Queryable,
  { id, scope, from }: Pick<NewPlan, 'id' | 'scope' | 'from'>,
  limit: number,
): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    insert into ${bulkPlanTokens} (plan_id, token_id)
    select ${id}::uuid, id from (${idsOf(scope, from)} limit ${limit}) matching order by id`)
  return rowCount ?? 0
}

/** Calls are added up of so many used tokens at most, siblings counted up to one more. */
export const maxCounted = 10_000

const lastDay = sql`now() - interval '24 hours'`

/** Counts what {@link freezeTokens} wrote down, and makes the plan of it. */
export async function insertPlan(tx: Queryable, { id, scope, chosen, from, by }: NewPlan): Promise<void> {
  const planId = sql`${id}::uuid`
  await tx.execute(sql`
    insert into ${bulkPlanParties} (plan_id, rank, store_id, partner_id, tokens, used)
    select ${planId}, row_number() over (order by used desc, tokens desc, store_id, partner_id), store_id, partner_id, tokens, used
    from (
      select token.store_id, token.partner_id, count(*) as tokens, count(usage.token_id) as used
      from ${bulkPlanTokens} frozen join ${tokens} token on token.id = frozen.token_id
      left join ${tokenUsage} usage on usage.token_id = token.id and usage.last_used_at > ${lastDay}
      where frozen.plan_id = ${planId} group by token.store_id, token.partner_id
    ) party`)
  const [storeId, partnerId] = scope.side === 'merchant' ? [scope.storeId, ''] : ['', scope.partnerId]
  await tx.execute(sql`
    with used as materialized (
      select frozen.token_id from ${bulkPlanTokens} frozen join ${tokenUsage} usage on usage.token_id = frozen.token_id
      where frozen.plan_id = ${planId} and usage.last_used_at > ${lastDay} limit ${maxCounted}
    ), calls as (
      select coalesce(sum(hour.calls), 0) as count from used join ${tokenUsageHours} hour on hour.token_id = used.token_id
        and hour.hour >= date_trunc('hour', ${lastDay}, 'UTC')
    ), siblings as (
      select count(*) from (
        select from ${liveOfPairs(scope, id)} where not exists (select from ${bulkPlanTokens} frozen where frozen.plan_id = ${planId} and frozen.token_id = tokens.id)
          and ${stillLive(scope)} limit ${maxCounted + 1}) other
    ), parties as (
      select sum(tokens) as tokens, count(*) as others, sum(used) as used from ${bulkPlanParties} where plan_id = ${planId}
    ), plan as (
      insert into ${bulkPlans} (id, side, store_id, partner_id, chosen, around_plan_id, paused_by_plan_id, frozen_at, user_id, user_name, user_email,
        user_role, tokens, others, used, calls, calls_are_more, siblings, ids_hash)
      select ${planId}, ${scope.side}, ${storeId}, ${partnerId}, ${chosen},
        ${'aroundPlanId' in from ? from.aroundPlanId : null}::uuid,
        ${'pausedByPlanId' in from ? from.pausedByPlanId : null}::uuid, now(), ${by.userId}::uuid, ${by.userName}, ${emailOf(by.userId)},
        ${by.role}, parties.tokens, parties.others, parties.used, calls.count, parties.used > ${maxCounted}, siblings.count,
        (${hashOfIds(id)})
      from parties, calls, siblings
    )
    select`)
  await tx.execute(sql`insert into ${bulkPlanBooks} (plan_id) values (${planId})`)
}

/** Of what is written down, in the order of the ids. */
const hashOfIds = (id: string): SQL =>
  sql`select sha256(coalesce(string_agg(uuid_send(token_id), ''::bytea order by token_id), '')) from ${bulkPlanTokens} where plan_id = ${id}::uuid`

/** SHA-256 of the ids as they stand there now: it is that of the plan. */
export async function hashFrozenIds(tx: Queryable, id: string): Promise<Buffer> {
  const { rows } = await tx.execute<{ hash: Buffer }>(sql`select (${hashOfIds(id)}) as hash`)
  return rows[0]?.hash ?? Buffer.alloc(0)
}

/** One plan of the party is made after the other. A lock of its own: neither members nor a cut-off of everything wait for it. */
export async function lockFreezing(tx: Queryable, scope: Party) {
  const of = scope.side === 'merchant' ? scope.storeId : scope.partnerId
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`plans of ${scope.side} ${of}`}, 0))`)
}

/** Plans of the party that nobody confirmed or cancelled, made within `withinMs`: how many. And how many ids of unconfirmed ones are stored. */
export async function countOpenPlans(tx: Queryable, scope: Party, { withinMs }: { withinMs: number }) {
  const { rows } = await tx.execute<{ plans: number; tokens: number }>(sql`
    select coalesce(sum(tokens), 0)::float8 as tokens, count(*) filter (
        where books.finished_at is null and frozen_at > now() - ${withinMs}::float8 * interval '1 millisecond')::int as plans
    from ${bulkPlans} join ${bulkPlanBooks} books on books.plan_id = ${bulkPlans.id} and books.pruned_at is null
    where ${isOwn(scope)}
      and not exists (select from ${bulkPlanConfirmations} made where made.plan_id = ${bulkPlans.id})`)
  return rows[0] ?? { plans: 0, tokens: 0 }
}

const columns = (scope: Party) => ({
  id: bulkPlans.id,
  side: bulkPlans.side,
  storeId: bulkPlans.storeId,
  partnerId: bulkPlans.partnerId,
  /** Of whose plan it is. */
  ownerName: sql<string>`coalesce((select name from ${stores} where id = ${bulkPlans}.store_id), (select name from ${partners} where id = ${bulkPlans}.partner_id), '')`,
  chosen: bulkPlans.chosen,
  aroundPlanId: bulkPlans.aroundPlanId,
  pausedByPlanId: bulkPlans.pausedByPlanId,
  frozenAt: bulkPlans.frozenAt,
  frozenBy: bulkPlans.userName,
  frozenByEmail: forOwnSide(scope, bulkPlans.side, bulkPlans.userEmail),
  frozenByRole: bulkPlans.userRole,
  tokens: bulkPlans.tokens,
  others: bulkPlans.others,
  used: bulkPlans.used,
  calls: bulkPlans.calls,
  callsAreMore: bulkPlans.callsAreMore,
  siblings: bulkPlans.siblings,
  idsHash: bulkPlans.idsHash,
  isOwn: sql<boolean>`${isOwn(scope)}`,
  /** Of the party that asks. */
  tokensOfParty: sql<number>`case when ${isOwn(scope)} then ${bulkPlans}.tokens else (
    select coalesce(sum(tokens), 0) from ${bulkPlanParties} where ${bulkPlanParties.planId} = ${bulkPlans.id}
      and ${inScope(scope, bulkPlanParties)}) end`.mapWith(Number),
  confirmation: {
    kind: bulkPlanConfirmations.kind,
    confirmedAt: bulkPlanConfirmations.confirmedAt,
    runAt: bulkPlanConfirmations.runAt,
    userId: bulkPlanConfirmations.userId,
    by: bulkPlanConfirmations.userName,
    byEmail: forOwnSide(scope, bulkPlans.side, bulkPlanConfirmations.userEmail),
    byRole: bulkPlanConfirmations.userRole,
    credentialId: bulkPlanConfirmations.credentialId,
    address: bulkPlanConfirmations.address,
    reason: bulkPlanConfirmations.reason,
    note: bulkPlanConfirmations.note,
    details: bulkPlanConfirmations.details,
  },
  end: {
    kind: bulkPlanEnds.kind,
    endedAt: bulkPlanEnds.endedAt,
    by: bulkPlanEnds.userName,
    byEmail: forOwnSide(scope, bulkPlans.side, bulkPlanEnds.userEmail),
    byRole: bulkPlanEnds.userRole,
  },
  dueAt: bulkPlanBooks.dueAt,
  startedAt: bulkPlanBooks.startedAt,
  done: bulkPlanBooks.done,
  leftOut: bulkPlanBooks.leftOut,
  finishedAt: bulkPlanBooks.finishedAt,
  proof: bulkPlanBooks.proof,
  prunedAt: bulkPlanBooks.prunedAt,
  /** The database's time of this answer. */
  asOf: sql<Date>`clock_timestamp()`.mapWith(bulkPlans.frozenAt),
})

function readPlans(db: Queryable, scope: Party) {
  return db
    .select(columns(scope))
    .from(bulkPlans)
    .innerJoin(bulkPlanBooks, eq(bulkPlanBooks.planId, bulkPlans.id))
    .leftJoin(bulkPlanConfirmations, eq(bulkPlanConfirmations.planId, bulkPlans.id))
    .leftJoin(bulkPlanEnds, eq(bulkPlanEnds.planId, bulkPlans.id))
}

export type PlanRow = Awaited<ReturnType<typeof readPlans>>[number]

/** One that is the party's own, or, once it is confirmed, concerns it. */
export async function findPlan(db: Queryable, scope: Party, id: string): Promise<PlanRow | undefined> {
  const visible = sql`(${isOwn(scope)} or ${bulkPlanConfirmations.planId} is not null and ${concerns(scope)})`
  const [plan] = await readPlans(db, scope).where(and(eq(bulkPlans.id, id), visible))
  return plan
}

/** The party's own, as it is until we commit: whoever else changes it waits. */
export async function lockPlan(tx: Queryable, scope: Party, id: string): Promise<PlanRow | undefined> {
  await tx.execute(sql`select from ${bulkPlanBooks} where plan_id = (
    select id from ${bulkPlans} where ${isOwn(scope)} and id = ${id}::uuid) for update`)
  const [plan] = await readPlans(tx, scope).where(and(eq(bulkPlans.id, id), isOwn(scope)))
  return plan
}

/** The party's own and those that concern it, the last first, `limit` at most. @param before the id of the last one seen. */
export async function listPlans(
  db: Queryable,
  scope: Party,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<PlanRow[]> {
  const further = before === undefined ? sql`true` : sql`${bulkPlans.id} < ${before}::uuid`
  const ofOthers = sql`
    (select distinct party.plan_id as id from ${bulkPlanParties} party
      join ${bulkPlanConfirmations} made on made.plan_id = party.plan_id
      where ${scope.side === 'merchant' ? sql`party.store_id = ${scope.storeId}` : sql`party.partner_id = ${scope.partnerId}`}
        ${before === undefined ? sql`` : sql`and party.plan_id < ${before}::uuid`}
      order by party.plan_id desc limit ${limit})`
  const own = sql`(select id from ${bulkPlans} where ${isOwn(scope)} and ${further} order by id desc limit ${limit})`
  return readPlans(db, scope)
    .where(sql`${bulkPlans.id} in (${own} union all ${ofOthers})`)
    .orderBy(desc(bulkPlans.id))
    .limit(limit)
}

/** Of a party's own plan: its stores or partners, what breaks first before all. @param after the last rank seen. */
export async function listPlanParties(
  db: Queryable,
  scope: Party,
  { planId, after, limit }: { planId: string; after: number; limit: number },
) {
  const { rows } = await db.execute<{
    rank: number
    storeId: string
    partnerId: string
    name: string
    tokens: number
    used: number
  }>(sql`
    select party.rank, party.store_id as "storeId", party.partner_id as "partnerId", party.tokens::float8 as tokens,
      party.used::float8 as used, ${
        scope.side === 'merchant'
          ? sql`(select name from ${partners} where id = party.partner_id)`
          : sql`(select name from ${stores} where id = party.store_id)`
      } as name
    from ${bulkPlanParties} party join ${bulkPlans} on ${bulkPlans.id} = party.plan_id
    where ${isOwn(scope)} and party.plan_id = ${planId}::uuid and party.rank > ${after}
    order by party.rank limit ${limit}`)
  return rows
}

/** Of the party's own plan, tokens that were left as they were, in the order of their ids. */
export async function listLeftOut(
  db: Queryable,
  scope: Party,
  { planId, after, limit }: { planId: string; after?: string | undefined; limit: number },
) {
  return db
    .select({ tokenId: bulkPlanLeftOut.tokenId, why: bulkPlanLeftOut.why })
    .from(bulkPlanLeftOut)
    .innerJoin(bulkPlans, eq(bulkPlans.id, bulkPlanLeftOut.planId))
    .where(
      and(
        isOwn(scope),
        eq(bulkPlanLeftOut.planId, planId),
        after === undefined ? undefined : sql`${bulkPlanLeftOut.tokenId} > ${after}::uuid`,
      ),
    )
    .orderBy(bulkPlanLeftOut.tokenId)
    .limit(limit)
}

export type PlannedId = {
  id: string
  /** The plan came to it. */
  isDealtWith: boolean
  /** Why it was left as it was; null: it was not. */
  why: (typeof leftOutWhys)[number] | null
}

/** Tokens in scope of a plan that the scope may see, in the order of their ids. */
export async function listTokensOfPlan(
  db: Queryable,
  scope: Party,
  { planId, after, limit }: { planId: string; after: string | undefined; limit: number },
): Promise<PlannedId[]> {
  const further = after === undefined ? sql`true` : sql`frozen.token_id > ${after}::uuid`
  const { rows } = await db.execute<PlannedId>(sql`
    select frozen.token_id as id, coalesce(frozen.token_id <= books.last_token_id, false) as "isDealtWith", passed.why
    from ${bulkPlanTokens} frozen join ${bulkPlanBooks} books on books.plan_id = frozen.plan_id
      join ${tokens} on tokens.id = frozen.token_id
      left join ${bulkPlanLeftOut} passed on passed.plan_id = frozen.plan_id and passed.token_id = frozen.token_id
    where frozen.plan_id = ${planId}::uuid and ${further} and ${inScope(scope, tokens)}
    order by frozen.token_id limit ${limit}`)
  return rows
}

/** Up to so many tokens of a plan are looked at one by one; of a larger one, what ended. */
const maxLookedAt = 2_000

/**
 * Cut-offs since `from` of which the plan has tokens, as rows `cut_off`: of all of the party's own, and of the other side's that the
 * plan has. However many tokens there are, none is asked.
 */
function cutOffsOfPlan(scope: Party, planId: string, from: SQL): SQL {
  const [own, ownId, other] =
    scope.side === 'merchant'
      ? [sql`store_id`, scope.storeId, sql`partner_id`]
      : [sql`partner_id`, scope.partnerId, sql`store_id`]
  return sql`select ${cutOffs}.*, ${cutOffs}.${other} as other_id from ${cutOffs}
    where ${cutOffs}.at > ${from} and ${cutOffs}.${own} in (${ownId}, '') and (${cutOffs}.${other} = '' or exists (
      select from ${bulkPlanParties} party where party.plan_id = ${planId}::uuid and party.${other} = ${cutOffs}.${other} offset 0))`
}

/**
 * Tokens of the plan that ended since they were frozen, by whatever: some of them, `limit` at most. Of a large plan it costs by what ended
 * since then. @param planTokens how many it has.
 */
export async function listEndedSince(
  db: Queryable,
  scope: Party,
  { planId, planTokens, since, limit }: { planId: string; planTokens: number; since: Date; limit: number },
): Promise<string[]> {
  // What was being committed as they were frozen has a time before them.
  const from = sql`${since.toISOString()}::timestamptz - interval '1 minute'`
  const { rows } = await db.execute<{ id: string }>(sql`
    with cut_off as materialized (${cutOffsOfPlan(scope, planId, from)})
    ${planTokens <= maxLookedAt ? endedOfFew(planId, limit) : endedOfMany(scope, { planId, from, limit })}`)
  return rows.map(({ id }) => id)
}

/** One by one, whatever the planner guesses: nobody has counted a new plan's rows. */
const endedOfFew = (planId: string, limit: number): SQL => sql`
  select tokens.id from ${bulkPlanTokens} frozen cross join lateral (
    select * from ${tokens} where ${tokens.id} = frozen.token_id offset 0
  ) tokens
  where frozen.plan_id = ${planId}::uuid and (tokens.expires_at <= now() or ${isRecorded('tokens')} or ${isPausedToTheEnd('tokens')} or exists (
    select from cut_off where cut_off.store_id in (tokens.store_id, '') and cut_off.partner_id in (tokens.partner_id, '')
      and tokens.created_at <= cut_off.at and tokens.expires_at > cut_off.at))
  limit ${limit}`

function endedOfMany(
  scope: Party,
  { planId, from, limit }: { planId: string; from: SQL; limit: number },
): SQL {
  const inPlan = (id: SQL) =>
    sql`exists (select from ${bulkPlanTokens} frozen where frozen.plan_id = ${planId}::uuid and frozen.token_id = ${id} offset 0)`
  const otherId = scope.side === 'merchant' ? sql`partner_id` : sql`store_id`
  return sql`
    (select token_id as id from ${revocations}
      where ${inScope(scope, revocations)} and revoked_at > ${from} and ${inPlan(sql`token_id`)} limit ${limit})
    union
    (select id from ${tokens} where ${inScope(scope, tokens)} and expires_at > ${from} and expires_at <= now()
      and ${inPlan(sql`tokens.id`)} limit ${limit})
    union
    (select of_pair.id from cut_off
      cross join lateral (
        select store_id, partner_id from ${bulkPlanParties} where plan_id = ${planId}::uuid and cut_off.other_id = ''
        union all
        select store_id, partner_id from ${bulkPlanParties} where plan_id = ${planId}::uuid and ${otherId} = cut_off.other_id
      ) pair
      cross join lateral (
        select tokens.id from ${tokens} where tokens.store_id = pair.store_id and tokens.partner_id = pair.partner_id
          and tokens.created_at <= cut_off.at and tokens.expires_at > cut_off.at and ${inPlan(sql`tokens.id`)} limit ${limit}
      ) of_pair limit ${limit})
    union
    (select tokens.id from ${pauseBooks} cross join lateral (
        select * from ${tokens} where ${tokens}.id = ${pauseBooks}.token_id offset 0) tokens
      where ${inScope(scope, pauseBooks)} and ${pauseBooks.finishedAt} is null and ${pauseBooks.endsAt} <= statement_timestamp()
        and ${isPausedToTheEnd('tokens')} and ${inPlan(sql`tokens.id`)} limit ${limit})
    limit ${limit}`
}

/** Live tokens that match as those of the plan do, and came too late for it. The newest first. */
export async function listIssuedSince(
  db: Queryable,
  scope: Party,
  {
    planId,
    match,
    since,
    until,
    limit,
  }: {
    planId: string
    match: LiveMatch
    since: Date
    until: Date | null
    limit: number
  },
): Promise<string[]> {
  const late = matchingLiveIds(
    scope,
    match,
    // One that was being made as the others were frozen has a time before them.
    sql`${tokens.createdAt} > ${since.toISOString()}::timestamptz - interval '1 minute'`,
    until ? sql`${tokens.createdAt} <= ${until.toISOString()}::timestamptz` : sql`true`,
    sql`not exists (select from ${bulkPlanTokens} frozen where frozen.plan_id = ${planId}::uuid and frozen.token_id = ${tokens.id})`,
  )
  const { rows } = await db.execute<{ id: string }>(sql`
    select late.id from (${late}) late join ${tokens} on ${tokens.id} = late.id
    order by ${tokens.createdAt} desc, ${tokens.id} desc limit ${limit}`)
  return rows.map(({ id }) => id)
}
