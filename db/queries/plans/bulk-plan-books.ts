import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import {
  bulkPlanBooks,
  bulkPlanConfirmations,
  bulkPlanEnds,
  bulkPlanLeftOut,
  bulkPlanParties,
  bulkPlanPauseCounts,
  bulkPlanPauses,
  bulkPlans,
  bulkPlanTokens,
  type leftOutWhys,
  type PlanProof,
  type planEnds,
} from '../../schema/bulk-plans.ts'
import { type eventKinds, events } from '../../schema/events.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { partners } from '../../schema/partners.ts'
import { revocations } from '../../schema/revocations.ts'
import { stores } from '../../schema/stores.ts'
import { tokens } from '../../schema/tokens.ts'
import type { Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import { isCutOff, isPausedByOthers, isPausedToTheEndOfMany, isRecorded } from '../tokens/ends.ts'
import { isRenewed } from '../tokens/renewal-chains.ts'
import { isAnyOpen } from '../tokens/walked-tokens.ts'

type Confirmation = typeof bulkPlanConfirmations.$inferSelect

/** A confirmed plan, as it was confirmed. */
export type RunningPlan = Pick<
  Confirmation,
  'planId' | 'kind' | 'userId' | 'userName' | 'userRole' | 'credentialId' | 'reason' | 'note' | 'details'
> & { side: Party['side']; storeId: string; partnerId: string; isScheduled: boolean }

/** What the record says of each token that a plan deals with. */
export const recordedOfPlan = ({
  planId,
  isScheduled,
  credentialId,
}: Pick<RunningPlan, 'planId' | 'isScheduled' | 'credentialId'>) => ({
  ...{ planId, ...(isScheduled && { by: 'plan' }), ...(credentialId && { byCredential: credentialId }) },
})

/** `dueAt`: as PostgreSQL writes it. `stepTokens`: null for a whole step. */
export type DuePlan = RunningPlan & { dueAt: string; stepTokens: number | null }

/** The plan that has waited longest of those whose time has come, locked; those that another worker has in hand are passed over. */
export async function lockDuePlan(tx: Queryable): Promise<DuePlan | undefined> {
  const { rows } = await tx.execute<DuePlan>(sql`
    select made.plan_id as "planId", made.kind, made.user_id as "userId", made.user_name as "userName", made.user_role as "userRole",
      made.credential_id as "credentialId", made.reason, made.note, made.details, made.run_at is not null as "isScheduled",
      plan.side, plan.store_id as "storeId", plan.partner_id as "partnerId", books.due_at::text as "dueAt", books.step_tokens as "stepTokens"
    from ${bulkPlanBooks} books join ${bulkPlanConfirmations} made on made.plan_id = books.plan_id
      join ${bulkPlans} plan on plan.id = books.plan_id
    where books.due_at is not null and books.due_at <= statement_timestamp()
    order by books.due_at, books.plan_id limit 1
    for update of books skip locked`)
  return rows[0]
}

export const scopeOf = ({
  side,
  storeId,
  partnerId,
}: Pick<RunningPlan, 'side' | 'storeId' | 'partnerId'>): Party =>
  side === 'merchant' ? { side, storeId } : { side, partnerId }

/** The next of the plan's tokens behind the place that it came to, in the order of their ids. */
export const nextOf = (planId: string, limit: number): SQL => sql`
  select token_id from ${bulkPlanTokens} where plan_id = ${planId}::uuid
    and token_id > (select coalesce(last_token_id, '00000000-0000-0000-0000-000000000000') from ${bulkPlanBooks} where plan_id = ${planId}::uuid)
  order by token_id limit ${limit}`

/** Makes issuing, renewing and revoking for the stores and partners of the next tokens wait until we commit. In one order, as everywhere. */
export async function lockAccessOfNext(tx: Queryable, planId: string, limit: number) {
  await tx.execute(sql`
    select from ${partnerAccess} where (store_id, partner_id) in (
      select distinct tokens.store_id, tokens.partner_id from (${nextOf(planId, limit)}) next join ${tokens} on tokens.id = next.token_id)
    order by store_id, partner_id for update`)
}

/** Of what the worker has written down for a cut-off each token is recorded: whether any is open is asked once, and not once a token. */
const isCutOffToken = sql`(${isAnyOpen} and ${isCutOff('tokens')})`

/**
 * Revokes the next tokens of the plan that are live, each with its audit row; notes why the others were left as they are, and how
 * far it came: one statement. Looks at `limit` tokens at most. `not in` is answered by a hash whatever the planner guesses: nobody has
 * counted a new plan's rows, and `not exists` compared each with each.
 * @returns those that were revoked, how many the plan revoked by now, and whether that was the end.
 */
export async function revokeNext(
  tx: Queryable,
  plan: RunningPlan,
  { limit, at, address }: { limit: number; at: Date; address: string | null },
): Promise<{ tokenIds: string[]; sum: number; isEnd: boolean }> {
  const { planId, side, storeId, partnerId, userId, userName, userRole, reason, note } = plan
  const ofParty =
    side === 'merchant' ? sql`tokens.store_id = ${storeId}` : sql`tokens.partner_id = ${partnerId}`
  const moment = sql`${at.toISOString()}::timestamptz`
  const details = JSON.stringify(recordedOfPlan(plan))
  const { rows } = await tx.execute<{ token_ids: string[]; sum: number; is_end: boolean }>(sql`
    with next as materialized (${nextOf(planId, limit)}
    ), person as materialized (
      select ${emailOf(userId)} as email
    ), revoked as (
      insert into ${revocations} (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, user_role, reason, note)
      select tokens.id, tokens.store_id, tokens.partner_id, ${moment}, ${side}, ${userId}::uuid, ${userName}, person.email, ${userRole},
        ${reason}, ${note}
      from next join ${tokens} on tokens.id = next.token_id cross join person
      where ${ofParty} and tokens.expires_at > ${moment} and not ${isCutOffToken}
        and not ${isPausedToTheEndOfMany('tokens')}
      order by tokens.id
      on conflict (token_id) do nothing
      returning token_id, store_id, partner_id
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, address, details)
      select ${moment}, 'token.revoked', ${side}, ${userId}::uuid, ${userName}, person.email, ${userRole}, revoked.store_id,
        revoked.partner_id, revoked.token_id, ${reason}, ${note}, ${address}, ${details}::jsonb
      from revoked cross join person
    ), passed as (
      insert into ${bulkPlanLeftOut} (plan_id, token_id, why)
      select ${planId}::uuid, tokens.id, case when ${isRecorded('tokens')} then 'revoked' when ${isCutOffToken} then 'cut-off'
        when tokens.expires_at <= ${moment} then 'expired' else 'revoked' end
      from next join ${tokens} on tokens.id = next.token_id
      where next.token_id not in (select token_id from revoked)
      on conflict do nothing
      returning token_id
    ), came as (
      update ${bulkPlanBooks} set started_at = coalesce(started_at, ${moment}),
        done = done + (select count(*) from revoked), left_out = left_out + (select count(*) from passed),
        last_token_id = coalesce((select token_id from next order by token_id desc limit 1), last_token_id)
      where plan_id = ${planId}::uuid
      returning done
    )
    select array(select token_id::text from revoked) as token_ids, came.done::float8 as sum,
      (select count(*) from next) < ${limit} as is_end from came`)
  const [row] = rows
  return { tokenIds: row?.token_ids ?? [], sum: row?.sum ?? 0, isEnd: row?.is_end ?? true }
}

export type TokenToRenew = {
  id: string
  storeId: string
  partnerId: string
  expiresAt: Date
  why: (typeof leftOutWhys)[number] | null
}

/** All of the plan's tokens, `limit` at most, each with why it cannot be renewed at the moment; null: it can. */
export async function listTokensToRenew(
  tx: Queryable,
  {
    planId,
    side,
    at,
    packages,
  }: { planId: string; side: Party['side']; at: Date; packages: readonly string[] },
  limit: number,
): Promise<TokenToRenew[]> {
  const moment = sql`${at.toISOString()}::timestamptz`
  const { rows } = await tx.execute<Omit<TokenToRenew, 'expiresAt'> & { expiresAt: string }>(sql`
    select tokens.id, tokens.store_id as "storeId", tokens.partner_id as "partnerId", tokens.expires_at as "expiresAt",
      case when ${isRecorded('tokens')} then 'revoked' when ${isCutOffToken} then 'cut-off' when ${isPausedToTheEndOfMany('tokens')} then 'revoked'
        when tokens.expires_at <= ${moment} then 'expired' when ${isPausedByOthers('tokens', side)} then 'paused'
        when ${isRenewed(sql`tokens.id`, moment)} then 'already-renewed'
        when store.package not in (select value from jsonb_array_elements_text(${JSON.stringify(packages)}::jsonb)) then 'package-without-apis' end as why
    from ${bulkPlanTokens} frozen join ${tokens} on tokens.id = frozen.token_id join ${stores} store on store.id = tokens.store_id
    where frozen.plan_id = ${planId}::uuid order by frozen.token_id limit ${limit}`)
  return rows.map((row) => ({ ...row, expiresAt: new Date(row.expiresAt) }))
}

/** What came of a plan whose tokens were all dealt with in one transaction. */
export async function noteDealtWith(
  tx: Queryable,
  planId: string,
  { at, done, leftOut }: { at: Date; done: number; leftOut: Pick<TokenToRenew, 'id' | 'why'>[] },
) {
  if (leftOut.length > 0)
    await tx.execute(sql`
      insert into ${bulkPlanLeftOut} (plan_id, token_id, why)
      select ${planId}::uuid, id, why from jsonb_to_recordset(${JSON.stringify(leftOut)}::jsonb) as passed (id uuid, why text)
      on conflict do nothing`)
  await tx.execute(sql`
    update ${bulkPlanBooks} set started_at = ${at.toISOString()}::timestamptz, done = ${done}, left_out = ${leftOut.length},
      last_token_id = (select max(token_id::text)::uuid from ${bulkPlanTokens} where plan_id = ${planId}::uuid)
    where plan_id = ${planId}::uuid`)
}

/** From now on the worker has something to do with it. Null: nothing any more. */
export async function setDue(tx: Queryable, planId: string, dueAt: Date | null) {
  await tx.execute(
    sql`update ${bulkPlanBooks} set due_at = ${dueAt?.toISOString() ?? null}::timestamptz where plan_id = ${planId}::uuid`,
  )
}

/**
 * A step is done: whatever else is due comes before the next one of this plan. After steps that failed, the next one is larger
 * by a quarter, up to a whole one. Never ahead of the clock, by which {@link lockDuePlan} looks for it.
 */
export async function takeTurns(tx: Queryable, planId: string, wholeStep: number) {
  const larger = sql`step_tokens + greatest(step_tokens / 4, 1)`
  await tx.execute(sql`
    update ${bulkPlanBooks} set due_at = date_trunc('milliseconds', clock_timestamp()),
      step_tokens = case when ${larger} < ${wholeStep}::int then ${larger} end
    where plan_id = ${planId}::uuid and due_at is not null`)
}

/** A plan whose step failed goes on after so long. */
export const putOffSeconds = 30

/**
 * A step of the plan failed: all others go first for {@link putOffSeconds}, and its next step is half as large. Nothing where it was changed, or
 * taken up by another worker, since it was due at `dueAt`.
 * @returns when it goes on.
 */
export async function putOffPlan(
  db: Queryable,
  { planId, dueAt, stepTokens }: Pick<DuePlan, 'planId' | 'dueAt' | 'stepTokens'>,
  wholeStep: number,
): Promise<Date | null> {
  const half = Math.max(Math.floor(Math.min(stepTokens ?? wholeStep, wholeStep) / 2), 1)
  const { rows } = await db.execute<{ due_at: string }>(sql`
    update ${bulkPlanBooks} set due_at = clock_timestamp() + make_interval(secs => ${putOffSeconds}), step_tokens = ${half}
    where plan_id = ${planId}::uuid and due_at = ${dueAt}::timestamptz
    returning due_at`)
  return rows[0] ? new Date(rows[0].due_at) : null
}

/** Of how many tokens, and of how many stores or partners; as the details of an event have them. */
export async function sizeOfPlan(db: Queryable, planId: string): Promise<{ tokens: string; others: string }> {
  const { rows } = await db.execute<{ tokens: string; others: string }>(
    sql`select tokens::text as tokens, others::text as others from ${bulkPlans} where id = ${planId}::uuid`,
  )
  return rows[0] ?? { tokens: '0', others: '0' }
}

/** Nothing becomes of it any more. */
export async function finishPlan(tx: Queryable, planId: string, at: Date) {
  await tx.execute(sql`
    update ${bulkPlanBooks} set finished_at = ${at.toISOString()}::timestamptz, due_at = null, step_tokens = null
    where plan_id = ${planId}::uuid and finished_at is null`)
}

type Person = Pick<Confirmation, 'userId' | 'userName' | 'userRole'>

export async function insertConfirmation(tx: Queryable, made: Omit<Confirmation, 'userEmail'>) {
  await tx.insert(bulkPlanConfirmations).values({
    ...made,
    userEmail: sql`coalesce(${emailOf(made.userId)}, '')`,
  })
}

export async function insertEnd(
  tx: Queryable,
  end: Person & { planId: string; kind: (typeof planEnds)[number]; endedAt: Date },
) {
  await tx.insert(bulkPlanEnds).values({ ...end, userEmail: sql`coalesce(${emailOf(end.userId)}, '')` })
}

/** Some of the tokens that the plan revoked, the newest: their refusal proves it. */
export async function sampleOfPlan(db: Queryable, planId: string, limit: number): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select token_id as id from ${bulkPlanTokens} frozen where plan_id = ${planId}::uuid
      and token_id <= (select last_token_id from ${bulkPlanBooks} where plan_id = ${planId}::uuid)
      and not exists (select from ${bulkPlanLeftOut} passed where passed.plan_id = frozen.plan_id and passed.token_id = frozen.token_id)
    order by token_id desc limit ${limit}`)
  return rows.map(({ id }) => id)
}

export async function keepPlanProof(db: Queryable, planId: string, proof: PlanProof) {
  await db.execute(
    sql`update ${bulkPlanBooks} set proof = ${JSON.stringify(proof)}::jsonb where plan_id = ${planId}::uuid and proof is null`,
  )
}

type PlanEventKind = Extract<(typeof eventKinds)[number], `plan.${string}`>

/**
 * One event for the party whose plan it is and one for each store or partner on the other side, with how many of their tokens it is
 * about: of those that are to be dealt with, of those that were, or of those whose pause came to its end. Whoever has none has no event.
 * Once, however often it is asked for.
 */
export async function announcePlan(
  tx: Queryable,
  { planId, side, storeId, partnerId }: Pick<RunningPlan, 'planId' | 'side' | 'storeId' | 'partnerId'>,
  {
    kind,
    tokensThat,
    at,
    by,
    details,
  }: {
    kind: PlanEventKind
    tokensThat: 'are-to-be' | 'were-dealt-with' | 'ended-as-planned'
    at: Date
    by: Person
    details: Record<string, string>
  },
) {
  const id = sql`${planId}::uuid`
  const own = side === 'merchant' ? sql`${storeId}, ''` : sql`'', ${partnerId}`
  const other = side === 'merchant' ? sql`'', party.partner_id` : sql`party.store_id, ''`
  const [otherId, otherName] =
    side === 'merchant'
      ? [storeId, sql`(select name from ${stores} where id = ${storeId})`]
      : [partnerId, sql`(select name from ${partners} where id = ${partnerId})`]
  const dealtWith = sql`
    select tokens.store_id, tokens.partner_id, count(*) as tokens
    from ${bulkPlanTokens} frozen join ${tokens} on tokens.id = frozen.token_id
    where frozen.plan_id = ${id} and frozen.token_id <= (select last_token_id from ${bulkPlanBooks} where plan_id = ${id})
      and not exists (select from ${bulkPlanLeftOut} passed where passed.plan_id = ${id} and passed.token_id = frozen.token_id)
    group by tokens.store_id, tokens.partner_id`
  const rowsOf = {
    'are-to-be': sql`select store_id, partner_id, tokens from ${bulkPlanParties} where plan_id = ${id}`,
    'were-dealt-with': dealtWith,
    'ended-as-planned': sql`select store_id, partner_id, resumed + revoked as tokens from ${bulkPlanPauseCounts}
      where plan_id = ${id} and resumed + revoked > 0`,
  }
  await tx.execute(sql`
    with party as materialized (${rowsOf[tokensThat]}
    ), person as materialized (
      select ${emailOf(by.userId)} as email
    ), announced (store_id, partner_id, tokens, others, other_id, other_name) as (
      select ${own}, coalesce(sum(tokens), 0), count(*), null::text, null::text from party
      union all
      select ${other}, party.tokens, 1, ${otherId}::text, ${otherName} from party
    )
    insert into ${events}
      (kind, operation_id, occurred_at, store_id, partner_id, side, user_id, user_name, user_email, user_role, details, once_key)
    select ${kind}, ${id}, ${at.toISOString()}::timestamptz, announced.store_id, announced.partner_id, ${side}, ${by.userId}::uuid,
      ${by.userName}, person.email, ${by.userRole},
      ${JSON.stringify({ ...details, planId })}::jsonb || jsonb_strip_nulls(jsonb_build_object('tokens', announced.tokens::text,
        'others', announced.others::text, 'otherId', announced.other_id, 'otherName', announced.other_name)),
      ${kind} || ':' || ${planId} || ':' || announced.store_id || ':' || announced.partner_id
    from announced cross join person
    on conflict (once_key) do nothing`)
}

/** Of a plan that is locked, which nobody confirmed nor can any more: its frozen ids are of no use. */
export async function deleteIdsOfUnconfirmed(tx: Queryable, planId: string) {
  await tx.execute(sql`delete from ${bulkPlanTokens} where plan_id = ${planId}::uuid`)
  await tx.execute(
    sql`update ${bulkPlanBooks} set pruned_at = clock_timestamp() where plan_id = ${planId}::uuid`,
  )
}

/**
 * The ids of plans that nobody confirmed and that are older than `unconfirmedBefore`, and of those that were over before `overBefore`, with
 * their pauses: deleted, of one plan and `limit` at most.
 *
 @returns 0 where nothing was left to be looked at, else `limit`.
 */
export async function deleteFrozenIds(
  db: Queryable,
  { unconfirmedBefore, overBefore }: { unconfirmedBefore: Date; overBefore: Date },
  limit: number,
): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    with plan as materialized (
      select books.plan_id from ${bulkPlanBooks} books join ${bulkPlans} plan on plan.id = books.plan_id
      where books.pruned_at is null and (
        books.finished_at < ${overBefore.toISOString()}::timestamptz and not exists (
          select from ${bulkPlanPauses} pauses where pauses.plan_id = books.plan_id and pauses.ends_at >= ${overBefore.toISOString()}::timestamptz)
        or plan.frozen_at < ${unconfirmedBefore.toISOString()}::timestamptz
          and not exists (select from ${bulkPlanConfirmations} made where made.plan_id = books.plan_id))
      order by books.plan_id limit 1 for update of books skip locked
    ), gone as (
      delete from ${bulkPlanTokens} using (
        select frozen.plan_id, frozen.token_id from plan join ${bulkPlanTokens} frozen on frozen.plan_id = plan.plan_id limit ${limit}) old
      where bulk_plan_tokens.plan_id = old.plan_id and bulk_plan_tokens.token_id = old.token_id
      returning 1
    ), passed as (
      delete from ${bulkPlanLeftOut} using (
        select passed.plan_id, passed.token_id from plan join ${bulkPlanLeftOut} passed on passed.plan_id = plan.plan_id limit ${limit}) old
      where bulk_plan_left_out.plan_id = old.plan_id and bulk_plan_left_out.token_id = old.token_id
      returning 1
    ), done as (
      update ${bulkPlanBooks} set pruned_at = clock_timestamp()
      where plan_id in (select plan_id from plan) and (select count(*) from gone) < ${limit} and (select count(*) from passed) < ${limit}
    )
    select (select count(*)::int from plan) as count`)
  return rows[0]?.count ? limit : 0
}

/** Plans that nobody confirmed and nobody cancelled, made before `before`, whose ids are deleted: with all that is left of them, `limit` at most. */
export async function deleteUnconfirmedPlans(db: Queryable, before: Date, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string }>(sql`
      select plan.id from ${bulkPlanBooks} books join ${bulkPlans} plan on plan.id = books.plan_id
      where books.pruned_at is not null and plan.frozen_at < ${before.toISOString()}::timestamptz
        and not exists (select from ${bulkPlanConfirmations} made where made.plan_id = plan.id)
        and not exists (select from ${bulkPlanEnds} made where made.plan_id = plan.id)
      order by plan.id limit ${limit} for update of books skip locked`)
    const ids = sql`(select value::uuid from jsonb_array_elements_text(${JSON.stringify(rows.map(({ id }) => id))}::jsonb))`
    await tx.execute(sql`delete from ${bulkPlanParties} where plan_id in ${ids}`)
    await tx.execute(sql`delete from ${bulkPlanBooks} where plan_id in ${ids}`)
    await tx.execute(sql`delete from ${bulkPlans} where id in ${ids}`)
    return rows.length
  })
}
