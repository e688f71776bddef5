import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import { bulkPlanPauseCounts } from '../../schema/bulk-plans.ts'
import { events } from '../../schema/events.ts'
import { type PauseProof, pauseBooks, pauses, resumes } from '../../schema/pauses.ts'
import { type EndingSide, revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { asMoment } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import { firstEnd, isCutOff, isPausedToTheEnd, isRecorded, openPauses } from './ends.ts'

type Row = typeof pauses.$inferSelect

/** Why a token cannot be paused, or is left as it is. */
export type PauseObstacle =
  | 'revoked'
  | 'cut-off'
  | 'expired'
  | 'expires-too-soon'
  | 'paused'
  | 'paused-too-often'

export type PauseLimits = { shortestMinutes: number; aDay: number }

/** At the moment at which the new one is to begin: the clock goes on while it is being written. */
const ownPause = (side: Party['side'], moment: SQL): SQL =>
  sql`exists (select from ${openPauses('tokens', moment)} and pause.side = ${side} offset 0)`

/** Of the row `tokens`: why `side` cannot pause it at the moment; null: it can. */
export const obstacleToPause = (
  side: Party['side'],
  at: Date,
  { shortestMinutes, aDay }: PauseLimits,
): SQL => {
  const moment = asMoment(at)
  return sql`case when ${isRecorded('tokens')} then 'revoked' when ${isCutOff('tokens')} then 'cut-off'
    when ${isPausedToTheEnd('tokens')} then 'revoked' when tokens.expires_at <= ${moment} then 'expired'
    when ${ownPause(side, moment)} then 'paused'
    when tokens.expires_at < ${moment} + ${shortestMinutes}::int * interval '1 minute' then 'expires-too-soon'
    when (select begun_at from ${pauses} where ${pauses}.token_id = tokens.id and ${pauses}.side = ${side}
      order by number desc offset ${aDay - 1} limit 1) > ${moment} - interval '24 hours' then 'paused-too-often' end`
}

/** Of the tokens those that are in scope, in the order of their ids, each with why it cannot be paused. */
export async function listTokensToPause(
  tx: Queryable,
  scope: Party,
  { tokenIds, at, limits }: { tokenIds: string[]; at: Date; limits: PauseLimits },
): Promise<{ id: string; obstacle: PauseObstacle | null }[]> {
  const { rows } = await tx.execute<{ id: string; obstacle: PauseObstacle | null }>(sql`
    select tokens.id, ${obstacleToPause(scope.side, at, limits)} as obstacle
    from ${tokens} where ${inScope(scope, tokens)} and tokens.id = any(${sql.param(tokenIds)}::uuid[]) order by tokens.id`)
  return rows
}

export type NewPauses = Pick<Row, 'operationId' | 'endsAt' | 'endsAs' | 'reason' | 'note' | 'userRole'> & {
  tokenIds: string[]
  at: Date
  /** Null: the answer to a report of a leak. */
  userId: string | null
  userName: string | null
  reportId?: string
  address: string | null
  /** Of the records, beside what they say of the pause. */
  details?: Record<string, string> | null
}

/**
 * Pauses the tokens, which are locked and can be paused, each until the chosen time or its expiry; with its audit row, and its event in
 * the outbox: one statement. In the order of ids, as everywhere.
 * @returns which they are, with the end of each.
 */
export async function insertPauses(
  tx: Queryable,
  scope: Party,
  {
    tokenIds,
    operationId,
    at,
    endsAt,
    endsAs,
    userId,
    userName,
    userRole,
    reportId,
    reason,
    note,
    address,
    details,
  }: NewPauses,
): Promise<WrittenPause[]> {
  const { side } = scope
  const more = sql`${JSON.stringify(details ?? {})}::jsonb`
  const { rows } = await tx.execute<Omit<WrittenPause, 'endsAt'> & { endsAt: string }>(sql`
    with paused as (
      insert into ${pauses} (token_id, side, number, store_id, partner_id, operation_id, report_id, begun_at, ends_at, ends_as, user_id,
        user_name, user_email, user_role, reason, note)
      select tokens.id, ${side}, ${nextPauseNumber(sql`tokens.id`, side)},
        tokens.store_id, tokens.partner_id, ${operationId}::uuid, ${reportId ?? null}::uuid, ${asMoment(at)}, least(${asMoment(endsAt)}, tokens.expires_at), ${endsAs},
        ${userId}::uuid, ${userName}, ${emailOf(userId)}, ${userRole}, ${reason}, ${note}
      from ${tokens} where ${inScope(scope, tokens)} and tokens.id = any(${sql.param(tokenIds)}::uuid[])
        and tokens.expires_at > ${asMoment(at)}
      order by tokens.id
      returning *
    ), ${booksAndRecord({ address, more })}, announced as (
      insert into ${events}
        (kind, operation_id, occurred_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role, details)
      select 'token.paused', operation_id, begun_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role,
        ${detailsOfPause} || ${more} || jsonb_strip_nulls(jsonb_build_object('reason', reason, 'note', note))
      from paused
    )
    select token_id as "tokenId", number, ends_at as "endsAt" from paused order by token_id`)
  return rows.map((row) => ({ ...row, endsAt: new Date(row.endsAt) }))
}

/** Of the pauses of each side of a token, counted from 1. */
export const nextPauseNumber = (tokenId: SQL, side: Party['side']): SQL =>
  sql`coalesce((select number from ${pauses} where ${pauses}.token_id = ${tokenId} and ${pauses}.side = ${side} order by number desc limit 1), 0) + 1`

/** In a statement whose part `paused` wrote the pauses: for the worker that ends each, and for the record; parts `begun` and `noted`. */
export const booksAndRecord = ({
  address,
  more,
}: {
  address: string | null
  more: SQL
}): SQL => sql`begun as (
      insert into ${pauseBooks} (token_id, side, number, store_id, partner_id, ends_at)
      select token_id, side, number, store_id, partner_id, ends_at from paused
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, address, details)
      select begun_at, 'token.paused', side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note,
        ${address}, ${detailsOfPause} || ${more}
      from paused
    )`

export type WrittenPause = { tokenId: string; number: number; endsAt: Date }

/** As events and audit rows have a moment. */
const asText = (moment: SQL) => sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Of a row of `pauses`: until when, and what becomes of the token then. */
const detailsOfPause = sql`jsonb_build_object('until', ${asText(sql`ends_at`)}, 'endsAs', ends_as)`

export type ResumeObstacle = 'revoked' | 'not-paused' | 'paused-by-others' | 'paused-since' | 'ends-now'

type ResumeLimits = {
  /** Before the end of a pause that revokes its token it is too late. */
  lastSeconds: number
  /** Pauses begun later were not seen by who resumes, and go on; null: all of this moment were. */
  seenAt: SQL | null
}

/** The open pause of the row `tokens` by one side, for a lateral join. */
export const ownOpenPause = (side: Party['side']): SQL =>
  sql`(select pause.* from ${openPauses('tokens')} and pause.side = ${side})`

/** Of the row `tokens` beside its row `own` of {@link ownOpenPause}: why that side cannot resume it; null: it can. */
export const obstacleToResume = ({ lastSeconds, seenAt }: ResumeLimits): SQL => sql`
  case when ${isRecorded('tokens')} or ${isCutOff('tokens')} or ${isPausedToTheEnd('tokens')} then 'revoked'
    when own.number is null then case when exists (select from ${openPauses('tokens')} offset 0) then 'paused-by-others' else 'not-paused' end
    when ${seenAt ? sql`own.begun_at > ${seenAt} + interval '1 millisecond'` : sql`false`} then 'paused-since'
    when own.ends_as = 'revoked' and own.ends_at <= statement_timestamp() + ${lastSeconds}::int * interval '1 second'
      then 'ends-now' end`

/** Of the tokens those that are in scope, each with why its side cannot resume it; `number` of the pause that it can end. */
export async function listTokensToResume(
  tx: Queryable,
  scope: Party,
  { tokenIds, ...limits }: { tokenIds: string[] } & ResumeLimits,
): Promise<
  { id: string; number: number | null; endsAs: Row['endsAs'] | null; obstacle: ResumeObstacle | null }[]
> {
  const { rows } = await tx.execute<{
    id: string
    number: number | null
    endsAs: Row['endsAs'] | null
    obstacle: ResumeObstacle | null
  }>(sql`
    select tokens.id, own.number, own.ends_as as "endsAs",
      ${obstacleToResume(limits)} as obstacle
    from ${tokens} left join lateral ${ownOpenPause(scope.side)} own on true
    where ${inScope(scope, tokens)} and tokens.id = any(${sql.param(tokenIds)}::uuid[]) order by tokens.id`)
  return rows
}

/** Of a row `ended`: a pause of the other side ends later, or at the same moment and is the last of the two. */
const goesOnByOthers = sql`exists (
  select from ${pauses} other left join ${resumes} resumed
    on resumed.token_id = other.token_id and resumed.side = other.side and resumed.number = other.number
  where other.token_id = ended.token_id and other.side <> ended.side
    and (coalesce(resumed.resumed_at, other.ends_at), other.side) > (ended.ends_at, ended.side) offset 0)`

/** Of a row `ended`: nothing has ended its token since. */
const isLiveStill = sql`ended.recorded_at is null and ended.ended_at is null`

/** Beside a row of `revoked`, of a token both of whose sides may have paused it: the one that revoked it. */
const isOfRevocation = sql`ended.ends_as = 'revoked' and ended.ended_from = ended.side and ended.ended_at = ended.ends_at`

/**
 * Ends those of the pauses, which are the side's own and locked, that are open at `at`, and whose end nobody has written down; each with
 * its audit row and its event, which says whether the token is accepted by it: one statement.
 * @returns the ids of their tokens.
 */
export async function insertResumes(
  tx: Queryable,
  { side }: Party,
  {
    pausesToEnd,
    operationId,
    at,
    userId,
    userName,
    userRole,
    address,
    details,
  }: {
    pausesToEnd: { id: string; number: number }[]
    operationId: string
    at: Date
    userId: string
    userName: string
    userRole: Row['userRole']
    address: string | null
    details?: Record<string, string> | null
  },
): Promise<string[]> {
  const more = details ? JSON.stringify(details) : null
  const { rows } = await tx.execute<{ ids: string[]; ofPlans: EndsOfPlan[] }>(sql`
    with stopped as (
      update ${pauseBooks} books set finished_at = ${asMoment(at)}
      from jsonb_to_recordset(${JSON.stringify(pausesToEnd)}::jsonb) as given (id uuid, number int)
      where books.token_id = given.id and books.side = ${side} and books.number = given.number
        and books.finished_at is null and books.ends_at > ${asMoment(at)}
      returning books.token_id, books.side, books.number, books.store_id, books.partner_id
    ), resumed as (
      insert into ${resumes} (token_id, side, number, resumed_at, user_id, user_name, user_email, user_role)
      select token_id, side, number, ${asMoment(at)}, ${userId}::uuid, ${userName}, ${emailOf(userId)}, ${userRole} from stopped
      order by token_id
      returning *
    ), ended as (
      select resumed.*, stopped.store_id, stopped.partner_id, (
        select plan_id from ${pauses} pause where pause.token_id = resumed.token_id and pause.side = resumed.side and pause.number = resumed.number)
      from resumed join stopped on stopped.token_id = resumed.token_id
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, address, details)
      select resumed_at, 'token.resumed', side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, ${address}, ${more}::jsonb
      from ended
    ), announced as (
      insert into ${events}
        (kind, operation_id, occurred_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role, details)
      select 'token.resumed', ${operationId}::uuid, resumed_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role,
        jsonb_build_object('accepted', case when exists (
          select from ${openPauses('tokens')} and pause.side <> ended.side offset 0) then 'no' else 'yes' end) || coalesce(${more}::jsonb, '{}')
      from ended cross join lateral (select ended.token_id as id) tokens
    )
    select array(select token_id::text from resumed) as ids, (
      select coalesce(jsonb_agg(ends), '[]') from (${resumedByPlan(sql`ended`)}) ends) as "ofPlans"`)
  const [row] = rows
  await countEndsOfPlans(tx, row?.ofPlans ?? [])
  return row?.ids ?? []
}

/** Of one plan, store and partner: of how many pauses the books were closed just now, by what became of them. */
export type EndsOfPlan = {
  planId: string
  storeId: string
  partnerId: string
  resumedBefore: number
  resumed: number
  revoked: number
  held: number
  ended: number
}

/** Of rows of pauses that were resumed before their time, those of plans. */
export const resumedByPlan = (from: SQL): SQL => sql`
  select plan_id as "planId", store_id as "storeId", partner_id as "partnerId", count(*) as "resumedBefore", 0 as resumed, 0 as revoked,
    0 as held, 0 as ended
  from ${from} where plan_id is not null group by plan_id, store_id, partner_id`

/** Locked in one order: people and workers may close the books of one plan at the same time. */
export async function countEndsOfPlans(tx: Queryable, ends: EndsOfPlan[]): Promise<void> {
  if (ends.length === 0) return
  const given = sql`jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as given ("planId" uuid, "storeId" text, "partnerId" text,
    "resumedBefore" bigint, resumed bigint, revoked bigint, held bigint, ended bigint)`
  const isGiven = sql`counts.plan_id = given."planId" and counts.store_id = given."storeId" and counts.partner_id = given."partnerId"`
  await tx.execute(sql`
    select from ${bulkPlanPauseCounts} counts join ${given} on ${isGiven}
    order by counts.plan_id, counts.store_id, counts.partner_id for update of counts`)
  await tx.execute(sql`
    update ${bulkPlanPauseCounts} counts set resumed_before = counts.resumed_before + given."resumedBefore",
      resumed = counts.resumed + given.resumed, revoked = counts.revoked + given.revoked, held = counts.held + given.held,
      ended = counts.ended + given.ended
    from ${given} where ${isGiven}`)
}

/** Revoked now, by one pause or several, as they are reported to the log. */
export type RevokedByPause = {
  tokenId: string
  revokedAt: Date
  side: EndingSide
  userId: string | null
  reason: string | null
}

/** A pause, as the log and {@link Due} name it. */
export const nameOfPause = ({ tokenId, side, number }: Pick<Row, 'tokenId' | 'side' | 'number'>) =>
  `${tokenId} ${side} ${number}`

/** How many at most, and which are left out, by their names. */
type Due = { limit: number; besides: readonly string[] }

/** Whose end has passed and is not written down, the longest due first. Those that another worker has in hand are passed over. */
const duePauses = ({ limit, besides }: Due): SQL => sql`
  select token_id, side, number from ${pauseBooks} where finished_at is null and ends_at <= statement_timestamp()
    and (token_id || ' ' || side || ' ' || number) not in (select value from jsonb_array_elements_text(${JSON.stringify(besides)}::jsonb))
  order by ends_at, token_id limit ${limit} for update skip locked`

/** Which one {@link writePauseEnds} looks at first. */
export async function findDuePause(db: Queryable, besides: readonly string[]): Promise<string | undefined> {
  const { rows } = await db.execute<Pick<Row, 'tokenId' | 'side' | 'number'>>(
    sql`select token_id as "tokenId", side, number from (${duePauses({ limit: 1, besides })}) due`,
  )
  return rows[0] && nameOfPause(rows[0])
}

/**
 * Writes down what pauses came to whose end has passed, the longest due first: the revocation of the token, or that it
 * works again; each with its audit row and its event. Tokens that had ended otherwise by then get neither, and of those that ended since
 * then nobody is notified that they work. What a plan paused is counted with the plan, which is announced as a whole. One statement. The
 * tokens were refused, or accepted again, without it.
 * @returns how many there were, and what was revoked.
 */
export async function writePauseEnds(
  tx: Queryable,
  due: Due,
): Promise<{ looked: number; revoked: RevokedByPause[] }> {
  const { rows } = await tx.execute<{
    looked: number
    revoked: (Omit<RevokedByPause, 'revokedAt'> & { revokedAt: string })[]
    ofPlans: EndsOfPlan[]
  }>(sql`
    with due as materialized (${duePauses(due)}
    ), ended as materialized (
      select pause.*, first_end.at as ended_at, first_end.id as cut_off_id, first_end.side as ended_from,
        (select revoked_at from ${revocations} where ${revocations}.token_id = tokens.id) as recorded_at,
        tokens.expires_at <= pause.ends_at as is_expired, md5(pause.operation_id || ' ends')::uuid as end_id
      from due join ${pauses} pause on pause.token_id = due.token_id and pause.side = due.side and pause.number = due.number
        join ${tokens} on tokens.id = due.token_id
        left join lateral (${firstEnd('tokens')}) first_end on true
      where not exists (select from ${resumes} where ${resumes}.token_id = due.token_id and ${resumes}.side = due.side
        and ${resumes}.number = due.number)
    ), revoked as (
      insert into ${revocations} (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, user_role, reason, note)
      select token_id, store_id, partner_id, ends_at, case when report_id is null then side else 'public' end, user_id, user_name,
        user_email, user_role, reason, note
      from ended where ends_as = 'revoked' and recorded_at is null and cut_off_id is null and ended_from = side and ended_at = ends_at
      order by token_id
      on conflict (token_id) do nothing
      returning *
    ), resumed as (
      select * from ended where ends_as = 'resumed' and not is_expired
        and coalesce(recorded_at > ends_at, true) and coalesce(ended_at > ends_at, true)
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, details)
      select revoked_at, 'token.revoked', nullif(revoked.side, 'public'), revoked.user_id, revoked.user_name, revoked.user_email, revoked.user_role,
        revoked.store_id, revoked.partner_id, revoked.token_id, revoked.reason, revoked.note,
        jsonb_strip_nulls(jsonb_build_object('by', 'plan', 'after', 'pause', 'planId', ended.plan_id))
      from revoked join ended on ended.token_id = revoked.token_id and ${isOfRevocation}
      union all
      select ends_at, 'token.resumed', null, null, null, null, null, store_id, partner_id, token_id, null, null,
        jsonb_strip_nulls(jsonb_build_object('by', 'plan', 'planId', plan_id))
      from resumed
    ), announced as (
      insert into ${events}
        (kind, operation_id, occurred_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role, details)
      select 'token.revoked', ended.end_id, revoked_at, revoked.store_id, revoked.partner_id, revoked.token_id,
        nullif(revoked.side, 'public'), revoked.user_id, revoked.user_name, revoked.user_email, revoked.user_role,
        jsonb_strip_nulls(jsonb_build_object('reason', revoked.reason, 'note', revoked.note)) || '{"by": "plan", "after": "pause"}'
      from revoked join ended on ended.token_id = revoked.token_id and ${isOfRevocation} and ended.plan_id is null
      union all
      select 'token.resumed', end_id, ends_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role,
        '{"by": "plan", "accepted": "yes"}'
      from resumed ended where ${isLiveStill} and plan_id is null and not ${goesOnByOthers}
    ), finished as (
      update ${pauseBooks} books set finished_at = clock_timestamp() from due
      where books.token_id = due.token_id and books.side = due.side and books.number = due.number
    )
    select (select count(*)::int from due) as looked, (
      select coalesce(jsonb_agg(ends), '[]') from (
        select plan_id as "planId", store_id as "storeId", partner_id as "partnerId", 0 as "resumedBefore",
          count(*) filter (where became = 'resumed') as resumed, count(*) filter (where became = 'revoked') as revoked,
          count(*) filter (where became = 'held') as held, count(*) filter (where became is null) as ended
        from (
          select ended.plan_id, ended.store_id, ended.partner_id, case when revoked.token_id is not null then 'revoked'
            when ended.ends_as = 'resumed' and not is_expired and ${isLiveStill} then case when ${goesOnByOthers} then 'held' else 'resumed' end
            end as became
          from ended left join revoked on revoked.token_id = ended.token_id and ${isOfRevocation} where ended.plan_id is not null
        ) planned group by plan_id, store_id, partner_id
      ) ends) as "ofPlans", (
      select coalesce(jsonb_agg(jsonb_build_object('tokenId', token_id, 'revokedAt', revoked_at, 'side', side, 'userId', user_id,
        'reason', reason)), '[]') from revoked) as revoked`)
  const [row] = rows
  await countEndsOfPlans(tx, row?.ofPlans ?? [])
  return {
    looked: row?.looked ?? 0,
    revoked: (row?.revoked ?? []).map((one) => ({ ...one, revokedAt: new Date(one.revokedAt) })),
  }
}

/** Kept with each of the pauses, once. */
export async function keepPauseProof(
  db: Queryable,
  side: Party['side'],
  kept: { pauses: Pick<WrittenPause, 'tokenId' | 'number'>[]; proof: PauseProof },
) {
  await db.execute(sql`
    update ${pauseBooks} books set proof = ${JSON.stringify(kept.proof)}::jsonb
    from jsonb_to_recordset(${JSON.stringify(kept.pauses)}::jsonb) as given ("tokenId" uuid, number int)
    where books.token_id = given."tokenId" and books.side = ${side} and books.number = given.number and books.proof is null`)
}

/** What was proven of the pauses of a token in scope, by whose they are and when they were begun. */
export async function listPauseProofs(db: Queryable, scope: Party, tokenId: string) {
  return db
    .select({ side: pauses.side, begunAt: pauses.begunAt, proof: sql<PauseProof>`${pauseBooks.proof}` })
    .from(pauses)
    .innerJoin(
      pauseBooks,
      and(
        eq(pauseBooks.tokenId, pauses.tokenId),
        eq(pauseBooks.side, pauses.side),
        eq(pauseBooks.number, pauses.number),
      ),
    )
    .where(and(eq(pauses.tokenId, tokenId), inScope(scope, pauses), isNotNull(pauseBooks.proof)))
}
