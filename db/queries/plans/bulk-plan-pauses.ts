import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import {
  bulkPlanBooks,
  bulkPlanConfirmations,
  bulkPlanLeftOut,
  bulkPlanPauseCounts,
  bulkPlanPauses,
  bulkPlans,
  bulkPlanTokens,
} from '../../schema/bulk-plans.ts'
import { pauseBooks, type pauseEnds, pauses, resumes } from '../../schema/pauses.ts'
import { tokens } from '../../schema/tokens.ts'
import { asMoment } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import {
  booksAndRecord,
  countEndsOfPlans,
  type EndsOfPlan,
  nextPauseNumber,
  obstacleToPause,
  obstacleToResume,
  ownOpenPause,
  type PauseLimits,
  resumedByPlan,
  type WrittenPause,
} from '../tokens/pauses.ts'
import { nextOf, type RunningPlan, recordedOfPlan, scopeOf } from './bulk-plan-books.ts'

type PauseEnd = (typeof pauseEnds)[number]

/** Of the row `tokens`: why the plan leaves it as it is; null: it can be paused. */
const whyLeftOut = (side: Party['side'], at: Date, limits: PauseLimits): SQL => sql`(
  select case when obstacle = 'paused' then 'paused-before' else obstacle end
  from (select ${obstacleToPause(side, at, limits)} as obstacle) judged)`

export type NextPauses = {
  limit: number
  at: Date
  endsAt: Date
  endsAs: PauseEnd
  /** It is too late for all of them. */
  isOver: boolean
  limits: PauseLimits
  address: string | null
}

/**
 * Pauses the next tokens of the plan that can be, each until the plan's time or its expiry, with its audit row; notes why the others were
 * left as they are, counts by store and partner, and notes how far it came: one statement. Looks at `limit` tokens at most.
 * @returns the pauses, how many tokens the plan paused by now, and whether that was the end.
 */
export async function pauseNext(
  tx: Queryable,
  plan: RunningPlan,
  { limit, at, endsAt, endsAs, isOver, limits, address }: NextPauses,
): Promise<{ pauses: WrittenPause[]; sum: number; isEnd: boolean }> {
  const { planId, side, userId, userName, userRole, reason, note } = plan
  const moment = asMoment(at)
  const details = JSON.stringify(recordedOfPlan(plan))
  const { rows } = await tx.execute<{
    pauses: (Omit<WrittenPause, 'endsAt'> & { endsAt: string })[]
    sum: number
    is_end: boolean
  }>(sql`
    with next as materialized (${nextOf(planId, limit)}
    ), person as materialized (
      select ${emailOf(userId)} as email
    ), judged as materialized (
      select tokens.id, tokens.store_id, tokens.partner_id, tokens.expires_at,
        coalesce(${whyLeftOut(side, at, limits)}, ${isOver ? 'over' : null}) as why
      from next join ${tokens} on tokens.id = next.token_id where ${inScope(scopeOf(plan), tokens)}
    ), paused as (
      insert into ${pauses} (token_id, side, number, store_id, partner_id, operation_id, plan_id, begun_at, ends_at, ends_as, user_id,
        user_name, user_email, user_role, reason, note)
      select judged.id, ${side}, ${nextPauseNumber(sql`judged.id`, side)},
        store_id, partner_id, ${planId}::uuid, ${planId}::uuid, ${moment}, least(${asMoment(endsAt)}, expires_at), ${endsAs},
        ${userId}::uuid, ${userName}, person.email, ${userRole}, ${reason}, ${note}
      from judged cross join person where why is null
      order by judged.id
      returning *
    ), ${booksAndRecord({ address, more: sql`${details}::jsonb` })}, passed as (
      insert into ${bulkPlanLeftOut} (plan_id, token_id, why)
      select ${planId}::uuid, id, why from judged where why is not null
      on conflict do nothing
      returning token_id
    ), counted as (
      insert into ${bulkPlanPauseCounts} (plan_id, store_id, partner_id, paused)
      select ${planId}::uuid, store_id, partner_id, count(*) from paused group by store_id, partner_id order by store_id, partner_id
      on conflict (plan_id, store_id, partner_id) do update set paused = ${bulkPlanPauseCounts}.paused + excluded.paused
    ), ends as (
      insert into ${bulkPlanPauses} (plan_id, ends_at)
      select ${planId}::uuid, max(ends_at) from paused having count(*) > 0
      on conflict (plan_id) do update set ends_at = greatest(${bulkPlanPauses}.ends_at, excluded.ends_at)
    ), came as (
      update ${bulkPlanBooks} set started_at = coalesce(started_at, ${moment}),
        done = done + (select count(*) from paused), left_out = left_out + (select count(*) from passed),
        last_token_id = coalesce((select token_id from next order by token_id desc limit 1), last_token_id)
      where plan_id = ${planId}::uuid
      returning done
    )
    select coalesce((select jsonb_agg(jsonb_build_object('tokenId', token_id, 'number', number, 'endsAt', ends_at)) from paused), '[]') as pauses,
      came.done::float8 as sum, (select count(*) from next) < ${limit} as is_end from came`)
  const [row] = rows
  return {
    pauses: (row?.pauses ?? []).map((pause) => ({ ...pause, endsAt: new Date(pause.endsAt) })),
    sum: row?.sum ?? 0,
    isEnd: row?.is_end ?? true,
  }
}

/** As {@link whyLeftOut}, of one that the plan would resume. */
const whyNotResumed = (planId: string, lastSeconds: number): SQL => sql`(
  select case when obstacle = 'paused-by-others' then 'paused' when obstacle = 'not-paused' and tokens.expires_at <= statement_timestamp() then 'expired'
    else obstacle end
  from (select ${obstacleToResume({ lastSeconds, seenAt: frozenAt(planId) })} as obstacle) judged)`

/** What was paused since the tokens were selected goes on. */
const frozenAt = (planId: string) => sql`(select frozen_at from ${bulkPlans} where id = ${planId}::uuid)`

/**
 * Resumes those of the next tokens of the plan that its side has paused, each with its audit row; else as {@link pauseNext}.
 * @param lastSeconds before the end of a pause that revokes its token it is too late.
 * @returns beside that, whether one of them was to be revoked.
 */
export async function resumeNext(
  tx: Queryable,
  plan: RunningPlan,
  {
    limit,
    at,
    lastSeconds,
    address,
  }: { limit: number; at: Date; lastSeconds: number; address: string | null },
): Promise<{ tokenIds: string[]; sum: number; isEnd: boolean; isSpared: boolean }> {
  const { planId, side, userId, userName, userRole } = plan
  const moment = asMoment(at)
  const details = JSON.stringify(recordedOfPlan(plan))
  const { rows } = await tx.execute<{
    token_ids: string[]
    sum: number
    is_end: boolean
    is_spared: boolean
    of_plans: EndsOfPlan[]
  }>(sql`
    with next as materialized (${nextOf(planId, limit)}
    ), person as materialized (
      select ${emailOf(userId)} as email
    ), judged as materialized (
      select tokens.id, tokens.store_id, tokens.partner_id, own.number, own.ends_as, own.plan_id, ${whyNotResumed(planId, lastSeconds)} as why
      from next join ${tokens} on tokens.id = next.token_id left join lateral ${ownOpenPause(side)} own on true
      where ${inScope(scopeOf(plan), tokens)}
    ), stopped as (
      update ${pauseBooks} books set finished_at = ${moment} from judged
      where judged.why is null and books.token_id = judged.id and books.side = ${side} and books.number = judged.number
        and books.finished_at is null and books.ends_at > ${moment}
      returning judged.*
    ), resumed as (
      insert into ${resumes} (token_id, side, number, resumed_at, user_id, user_name, user_email, user_role)
      select id, ${side}, number, ${moment}, ${userId}::uuid, ${userName}, person.email, ${userRole}
      from stopped cross join person order by id
      returning token_id
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, address, details)
      select ${moment}, 'token.resumed', ${side}, ${userId}::uuid, ${userName}, person.email, ${userRole}, store_id, partner_id, id,
        ${address}, ${details}::jsonb
      from stopped cross join person
    ), passed as (
      insert into ${bulkPlanLeftOut} (plan_id, token_id, why)
      select ${planId}::uuid, id, coalesce(why, case ends_as when 'revoked' then 'revoked' else 'not-paused' end)
      from judged where id not in (select id from stopped)
      on conflict do nothing
      returning token_id
    ), came as (
      update ${bulkPlanBooks} set started_at = coalesce(started_at, ${moment}),
        done = done + (select count(*) from resumed), left_out = left_out + (select count(*) from passed),
        last_token_id = coalesce((select token_id from next order by token_id desc limit 1), last_token_id)
      where plan_id = ${planId}::uuid
      returning done
    )
    select array(select token_id::text from resumed) as token_ids, came.done::float8 as sum, (select count(*) from next) < ${limit} as is_end,
      exists (select from stopped where ends_as = 'revoked') as is_spared,
      (select coalesce(jsonb_agg(ends), '[]') from (${resumedByPlan(sql`stopped`)}) ends) as of_plans
    from came`)
  const [row] = rows
  await countEndsOfPlans(tx, row?.of_plans ?? [])
  return {
    tokenIds: row?.token_ids ?? [],
    sum: row?.sum ?? 0,
    isEnd: row?.is_end ?? true,
    isSpared: row?.is_spared ?? false,
  }
}

/** Whether the side of the plan has paused anything: few have, and no token need be looked at. */
export async function hasOpenPauses(
  db: Queryable,
  plan: Pick<RunningPlan, 'side' | 'storeId' | 'partnerId'>,
): Promise<boolean> {
  const { rows } = await db.execute<{ exists: boolean }>(sql`
    select exists (select from ${pauseBooks} where ${inScope(scopeOf(plan), pauseBooks)} and ${pauseBooks.side} = ${plan.side}
      and ${pauseBooks.finishedAt} is null and ${pauseBooks.endsAt} > statement_timestamp())`)
  return rows[0]?.exists ?? false
}

/** Of the plan's tokens: how many its side could resume at the moment. */
export async function countTokensToResume(
  db: Queryable,
  { planId, side, lastSeconds }: { planId: string; side: Party['side']; lastSeconds: number },
): Promise<{ possible: number; leftOut: number }> {
  return countJudged(
    db,
    sql`select ${whyNotResumed(planId, lastSeconds)} as why
      from ${bulkPlanTokens} frozen join ${tokens} on tokens.id = frozen.token_id left join lateral ${ownOpenPause(side)} own on true
      where frozen.plan_id = ${planId}::uuid`,
  )
}

async function countJudged(db: Queryable, judged: SQL): Promise<{ possible: number; leftOut: number }> {
  const { rows } = await db.execute<{ possible: number; leftOut: number }>(sql`
    select (count(*) filter (where why is null))::int as possible, count(why)::int as "leftOut" from (${judged}) judged`)
  return rows[0] ?? { possible: 0, leftOut: 0 }
}

/** Of the plan's tokens: how many could be paused at the moment. */
export async function countTokensToPause(
  db: Queryable,
  { planId, side, at, limits }: { planId: string; side: Party['side']; at: Date; limits: PauseLimits },
): Promise<{ possible: number; leftOut: number }> {
  return countJudged(
    db,
    sql`select ${whyLeftOut(side, at, limits)} as why
      from ${bulkPlanTokens} frozen join ${tokens} on tokens.id = frozen.token_id where frozen.plan_id = ${planId}::uuid`,
  )
}

/** Of the pauses of the plan, some that nobody ended yet, those of the newest tokens: their refusal proves it. */
export async function samplePausesOfPlan(
  db: Queryable,
  { planId, side }: { planId: string; side: Party['side'] },
  limit: number,
): Promise<WrittenPause[]> {
  const { rows } = await db.execute<Omit<WrittenPause, 'endsAt'> & { endsAt: string }>(sql`
    select pause.token_id as "tokenId", pause.number, pause.ends_at as "endsAt"
    from ${bulkPlanTokens} frozen cross join lateral (
      select * from ${pauses} where ${pauses}.token_id = frozen.token_id and ${pauses}.side = ${side} order by number desc limit 1) pause
      join ${pauseBooks} books on books.token_id = pause.token_id and books.side = pause.side and books.number = pause.number
    where frozen.plan_id = ${planId}::uuid and pause.plan_id = frozen.plan_id
      and pause.ends_at > statement_timestamp() and books.finished_at is null
    order by frozen.token_id desc limit ${limit}`)
  return rows.map((row) => ({ ...row, endsAt: new Date(row.endsAt) }))
}

/** How many tokens a plan paused, and what became of them. `open`: the worker has not written down an end. */
export type PauseCounts = {
  paused: number
  open: number
  resumedBefore: number
  resumed: number
  revoked: number
  held: number
  ended: number
  /** The last of the ends that were set. */
  endsAt: Date
}

/** All of a plan of the scope's own, else those that are the scope's; null: it paused none of them. */
export async function countPausesOfPlan(
  db: Queryable,
  scope: Party,
  planId: string,
): Promise<PauseCounts | null> {
  const { rows } = await db.execute<Omit<PauseCounts, 'endsAt'> & { endsAt: string }>(sql`
    select sum(paused)::float8 as paused, sum(paused - resumed_before - resumed - revoked - held - ended)::float8 as open,
      sum(resumed_before)::float8 as "resumedBefore", sum(resumed)::float8 as resumed, sum(revoked)::float8 as revoked,
      sum(held)::float8 as held, sum(ended)::float8 as ended, (select ends_at from ${bulkPlanPauses} where plan_id = ${planId}::uuid) as "endsAt"
    from ${bulkPlanPauseCounts} where plan_id = ${planId}::uuid and ${inScope(scope, bulkPlanPauseCounts)}
    having count(*) > 0`)
  const [row] = rows
  return row ? { ...row, endsAt: new Date(row.endsAt) } : null
}

/** Whose pauses have all come to their ends, and nobody has said so: the longest due first, locked; null: none, or others have it in hand. */
export async function lockOverPlan(
  tx: Queryable,
): Promise<(RunningPlan & { endsAt: Date; endedAsPlanned: number }) | undefined> {
  const { rows } = await tx.execute<RunningPlan & { endsAt: string; endedAsPlanned: number }>(sql`
    select made.plan_id as "planId", made.kind, made.user_id as "userId", made.user_name as "userName", made.user_role as "userRole",
      made.credential_id as "credentialId", made.reason, made.note, made.details, true as "isScheduled",
      plan.side, plan.store_id as "storeId", plan.partner_id as "partnerId", waiting.ends_at as "endsAt", (
        select sum(resumed + revoked)::float8 from ${bulkPlanPauseCounts} counts where counts.plan_id = waiting.plan_id) as "endedAsPlanned"
    from ${bulkPlanPauses} waiting join ${bulkPlanConfirmations} made on made.plan_id = waiting.plan_id
      join ${bulkPlans} plan on plan.id = waiting.plan_id join ${bulkPlanBooks} books on books.plan_id = waiting.plan_id
    where waiting.said_at is null and waiting.ends_at <= statement_timestamp() and books.finished_at is not null and not exists (
      select from ${bulkPlanPauseCounts} counts where counts.plan_id = waiting.plan_id
        and counts.paused > counts.resumed_before + counts.resumed + counts.revoked + counts.held + counts.ended)
    order by waiting.ends_at, waiting.plan_id limit 1
    for update of waiting skip locked`)
  const [row] = rows
  return row && { ...row, endsAt: new Date(row.endsAt) }
}

export async function noteSaid(tx: Queryable, planId: string) {
  await tx.execute(
    sql`update ${bulkPlanPauses} set said_at = clock_timestamp() where plan_id = ${planId}::uuid`,
  )
}
