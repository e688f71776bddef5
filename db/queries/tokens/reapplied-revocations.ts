import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import type { roles } from '../../schema/members.ts'
import { appliedAgain, type CuttingSide, type EndingSide } from '../../schema/revocations.ts'
import { isRevoked, openPauses } from './ends.ts'
import { countEndsOfPlans, type EndsOfPlan, resumedByPlan } from './pauses.ts'

/** Null: they had none, or it is not known. */
type Role = (typeof roles)[number] | null

export type ReappliedRevocation = {
  tokenId: string
  revokedAt: string
  side: EndingSide
  userId: string | null
  userRole?: Role
  /** Null: none was given. */
  reason: string | null
}

export type ReappliedCounts = {
  revoked: number
  /** By somebody before: left as they are. */
  already: number
  /** Made after the backup: they are not in this database, so no call with them is accepted. */
  unknown: number
}

/** The note of what somebody did, beside their row `users`, if there is one. */
const noteOf = (
  userId: SQL,
): SQL => sql`${appliedAgain} || case when ${userId} is not null and users.id is null
  then ', for person ' || ${userId} || ', whom the backup does not have' else '' end`

/**
 * Revokes what was revoked before the database was restored, with an audit row each; one statement, all or nothing. It only
 * ever adds. Nobody is notified again. Of a person whom the backup has not, the row keeps the id in its note.
 */
export async function reapplyRevocations(
  db: Queryable,
  revocations: readonly ReappliedRevocation[],
): Promise<ReappliedCounts> {
  const { rows } = await db.execute<ReappliedCounts>(sql`
    with given as materialized (
      select distinct on ("tokenId") * from json_to_recordset(${JSON.stringify(revocations)}::json)
        as given ("tokenId" uuid, "revokedAt" timestamptz, side text, "userId" uuid, "userRole" text, reason text)
      order by "tokenId", "revokedAt"
    ), known as materialized (
      select given.*, tokens.store_id, tokens.partner_id, ${isRevoked('tokens')} as already,
        users.id as user_id, users.name as user_name, users.email as user_email, ${noteOf(sql`given."userId"`)} as note
      from given join tokens on tokens.id = given."tokenId" left join users on users.id = given."userId"
    ), revoked as (
      insert into revocations
        (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, user_role, reason, note)
      select "tokenId", store_id, partner_id, least("revokedAt", now()), side, user_id, user_name, user_email, "userRole", reason, note
      from known where not already
      on conflict (token_id) do nothing
      returning *
    ), noted as (
      insert into audit_events
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, details)
      select revoked_at, 'token.revoked', case when side in ('merchant', 'partner') then side end, user_id, user_name, user_email, user_role, store_id,
        partner_id, token_id, reason, note,
        jsonb_strip_nulls(jsonb_build_object('reapplied', true, 'by', case side when 'operator' then 'operator' when 'public' then 'report' end))
      from revoked
    )
    select (select count(*)::int from revoked) as revoked,
      (select count(*)::int from known where already) as already,
      (select count(*)::int from given) - (select count(*)::int from known) as unknown`)
  return rows[0] as ReappliedCounts
}

export type ReappliedCutOff = {
  cutOffId: string
  /** '' for every one of them. */
  storeId: string
  partnerId: string
  at: string
  side: CuttingSide
  userId: string | null
  userRole?: Role
  reason: string
}

/**
 * Cuts off again what was cut off before the database was restored: each with its own id and moment, once. The worker writes it
 * down token by token, and nobody is notified again.
 * @returns how many were not there.
 */
export async function reapplyCutOffs(db: Queryable, cutOffs: readonly ReappliedCutOff[]): Promise<number> {
  const { rowCount } = await db.execute(sql`
    with given as (
      select distinct on ("cutOffId") * from json_to_recordset(${JSON.stringify(cutOffs)}::json)
        as given ("cutOffId" uuid, "storeId" text, "partnerId" text, at timestamptz, side text, "userId" uuid, "userRole" text, reason text)
      order by "cutOffId"
    ), made as (
      insert into cut_offs (id, store_id, partner_id, at, side, user_id, user_name, user_email, user_role, reason, note)
      select "cutOffId", "storeId", "partnerId", least(at, now()), side, users.id, users.name, users.email, "userRole", reason,
        ${noteOf(sql`given."userId"`)}
      from given left join users on users.id = given."userId"
      on conflict (id) do nothing
      returning id
    )
    insert into cut_off_books (cut_off_id, tokens, others) select id, 0, 0 from made`)
  return rowCount ?? 0
}

export type ReappliedPauses = {
  pauses: { tokenId: string; endsAt: string }[]
  begunAt: string
  side: 'merchant' | 'partner'
  /** Null: the answer to a report of a leak. */
  userId: string | null
  endsAs: 'resumed' | 'revoked'
  reason: string | null
}

/**
 * Pauses again what was paused by one operation before the database was restored, each until its own end: tokens that are live, and that
 * the side has not paused. One that was to be revoked by now is. With an audit row each; nobody is notified again.
 * @returns how many.
 */
export async function reapplyPauses(
  tx: Queryable,
  { pauses, begunAt, side, userId, endsAs, reason }: ReappliedPauses,
): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    with given as (
      select distinct on ("tokenId") * from jsonb_to_recordset(${JSON.stringify(pauses)}::jsonb) as given ("tokenId" uuid, "endsAt" timestamptz)
    ), paused as (
      insert into pauses (token_id, side, number, store_id, partner_id, operation_id, report_id, begun_at, ends_at, ends_as, user_id,
        user_name, user_email, reason, note)
      select tokens.id, ${side}, coalesce((
          select number from pauses where token_id = tokens.id and side = ${side} order by number desc limit 1), 0) + 1,
        tokens.store_id, tokens.partner_id, gen_random_uuid(), ${userId === null ? sql`gen_random_uuid()` : sql`null`}, ${begunAt}::timestamptz, least("endsAt", tokens.expires_at), ${endsAs}, users.id,
        users.name, users.email, ${reason},
        ${noteOf(sql`${userId}::text`)}
      from given join tokens on tokens.id = given."tokenId" left join users on users.id = ${userId}::uuid
      where tokens.expires_at > now() and not ${isRevoked('tokens')} and (${endsAs} = 'revoked' or "endsAt" > now())
        and not exists (select from ${openPauses('tokens')} and pause.side = ${side})
        and not exists (select from pauses where token_id = tokens.id and side = ${side} and begun_at >= ${begunAt}::timestamptz)
      order by tokens.id
      returning *
    ), begun as (
      insert into pause_books (token_id, side, number, store_id, partner_id, ends_at)
      select token_id, side, number, store_id, partner_id, ends_at from paused
    )
    insert into audit_events
      (occurred_at, action, side, user_id, user_name, user_email, store_id, partner_id, token_id, reason, note, details)
    select begun_at, 'token.paused', side, user_id, user_name, user_email, store_id, partner_id, token_id, reason, note,
      jsonb_strip_nulls(jsonb_build_object('reapplied', true, 'by', case when report_id is not null then 'report' end))
    from paused`)
  return rowCount ?? 0
}

export type ReappliedResumes = {
  tokenIds: string[]
  resumedAt: string
  side: 'merchant' | 'partner'
  userId: string
}

/**
 * Resumes again what one operation resumed before the restore, of pauses that the backup has. One that has revoked its token by now is
 * final: that cannot be taken back.
 * @returns how many were resumed.
 */
export async function reapplyResumes(
  tx: Queryable,
  { tokenIds, resumedAt, side, userId }: ReappliedResumes,
): Promise<number> {
  const { rows } = await tx.execute<{ count: number; ofPlans: EndsOfPlan[] }>(sql`
    with resumed as (
      insert into resumes (token_id, side, number, resumed_at, user_id, user_name, user_email)
      select pause.token_id, pause.side, pause.number, ${resumedAt}::timestamptz, users.id, users.name, users.email
      from unnest(${sql.param(tokenIds)}::uuid[]) as given (token_id)
        cross join lateral (
          select * from pauses where pauses.token_id = given.token_id and pauses.side = ${side} order by number desc limit 1
        ) pause
        left join users on users.id = ${userId}::uuid
      where pause.begun_at <= ${resumedAt}::timestamptz and pause.ends_at > ${resumedAt}::timestamptz
        and (pause.ends_as = 'resumed' or pause.ends_at > now() + interval '15 seconds')
      on conflict do nothing
      returning *
    ), finished as (
      update pause_books books set finished_at = now() from resumed join pauses pause
        on pause.token_id = resumed.token_id and pause.side = resumed.side and pause.number = resumed.number
      where books.token_id = resumed.token_id and books.side = resumed.side and books.number = resumed.number and books.finished_at is null
      returning pause.plan_id, pause.store_id, pause.partner_id
    ), noted as (
      insert into audit_events (occurred_at, action, side, user_id, user_name, user_email, store_id, partner_id, token_id, details)
      select resumed_at, 'token.resumed', resumed.side, user_id, user_name, user_email, store_id, partner_id, token_id,
        '{"reapplied": true}'::jsonb
      from resumed join tokens on tokens.id = resumed.token_id
    )
    select (select count(*)::int from resumed) as count, (
      select coalesce(jsonb_agg(ends), '[]') from (${resumedByPlan(sql`finished`)}) ends) as "ofPlans"`)
  const [row] = rows
  await countEndsOfPlans(tx, row?.ofPlans ?? [])
  return row?.count ?? 0
}
