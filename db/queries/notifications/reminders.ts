import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { campaigns, tokenRequests } from '../../schema/campaigns.ts'
import { cutOffs } from '../../schema/cut-offs.ts'
import { events } from '../../schema/events.ts'
import { handovers } from '../../schema/handovers.ts'
import { retirementPlans } from '../../schema/retirement-plans.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, asMoment, beyond } from '../keyset.ts'
import { isNotRevoked } from '../tokens/ends.ts'
import { isTakenOver, liveSuccessor } from '../tokens/renewal-chains.ts'

/** From `after` (not included) to `until` (included). */
export type Window = { after: Date; until: Date }

/** Where the batch before ended: the date that the window is about, and the token. */
export type Cursor = { at: string; id: string }

/** Each reminder of a token has a name of its own and is written once. */
type Batch = { window: Window; key: string; now: Date; cursor: Cursor | null; limit: number }

export type DueToken = Cursor & { storeId: string; partnerId: string; details: Record<string, string> | null }

const inWindow = (column: SQL, { window: { after, until }, cursor }: Batch, id: SQL) => {
  const last = cursor ? [sql`${cursor.at}::timestamptz`, asId(cursor.id)] : undefined
  return sql`${column} > ${asMoment(after)} and ${column} <= ${asMoment(until)}
    and ${beyond('asc', [column, id], last) ?? sql`true`}`
}

const isNotAnnounced = (id: SQL, key: string) =>
  sql`not exists (select from ${events} where ${events.onceKey} = ${key}::text || ':' || ${id} offset 0)`

async function readDue(db: Queryable, query: SQL): Promise<DueToken[]> {
  const { rows } = await db.execute<DueToken>(query)
  return rows
}

/** The key of one token's reminder. */
export const onceKeyOf = (key: string, tokenId: string) => `${key}:${tokenId}`

/**
 * Tokens that are live and expire in the window, or expired in it, but for those whose successor is in use. `successor` says
 * that one waits for its first call.
 * What a plan ends before its expiry is left out: see {@link listUnadoptedOfEndingIn}.
 * @param days at whose end (UTC) its expiry lies: a token that was made in these days is not reminded so early. 0: it is.
 */
export async function listTokensExpiringIn(db: Queryable, batch: Batch & { days: number }) {
  return readDue(
    db,
    sql`
    select token.id, token.expires_at::text as at, token.store_id as "storeId", token.partner_id as "partnerId",
      case when successor.id is not null
        then jsonb_build_object('successor', 'unused', 'successorId', successor.id) end as details
    from ${tokens} token
      left join lateral (${liveSuccessor(sql`token.id`, asMoment(batch.now))}) successor on true
    where ${inWindow(sql`token.expires_at`, batch, sql`token.id`)}
      and (${batch.days} = 0
        or token.expires_at >= date_trunc('day', token.created_at, 'UTC') + ${batch.days + 1} * interval '1 day')
      and not exists (
        select from ${retirementPlans} plan
        where plan.token_id = token.id and plan.settled_at is null and plan.retire_at < token.expires_at offset 0)
      and ${isNotRevoked('token')} and not ${isTakenOver(sql`token.id`, asMoment(batch.now))}
      and ${isNotAnnounced(sql`token.id`, batch.key)}
    order by token.expires_at, token.id limit ${batch.limit}`,
  )
}

/**
 * Live tokens whose text waits to be collected, and expires in the window; with `of: 'no-campaign'` without those of partners on
 * their way back into service, who are reminded of all of them together.
 */
export async function listTextsExpiringIn(db: Queryable, batch: Batch & { of?: 'all' | 'no-campaign' }) {
  const ofNoCampaign = sql`and not exists (
    select from ${tokenRequests} where ${tokenRequests.tokenId} = handover.token_id offset 0)`
  return readDue(
    db,
    sql`
    select token.id, handover.collect_until::text as at, token.store_id as "storeId", token.partner_id as "partnerId",
      jsonb_build_object('collectUntil', handover.collect_until) as details
    from ${handovers} handover join ${tokens} token on token.id = handover.token_id
    where handover.encrypted_text is not null
      and ${inWindow(sql`handover.collect_until`, batch, sql`handover.token_id`)}
      and token.expires_at > ${asMoment(batch.now)} and ${isNotRevoked('token')}
      and ${isNotAnnounced(sql`token.id`, batch.key)} ${batch.of === 'no-campaign' ? ofNoCampaign : sql``}
    order by handover.collect_until, handover.token_id limit ${batch.limit}`,
  )
}

const unadopted = (batch: Batch) => sql`
  ${isNotRevoked('successor')} and successor.expires_at > ${asMoment(batch.now)}
  and not exists (select from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = successor.id offset 0)
  and not ${isTakenOver(sql`successor.id`, asMoment(batch.now))}
  and ${isNotRevoked('predecessor')} and ${isNotAnnounced(sql`successor.id`, batch.key)}`

/** Row by row, as the renewed token below: beside the price of a chain of renewals PostgreSQL takes that of reading a whole table for none. */
const openPlan = sql`lateral (
  select retire_at from ${retirementPlans} where successor_id = successor.id and settled_at is null offset 0) plan on true`

/** When the old token ends: by its expiry, or before that by a plan. */
const oldEndsAt = sql`least(predecessor.expires_at, plan.retire_at)`

const successorColumns = sql`successor.id, successor.store_id as "storeId", successor.partner_id as "partnerId",
  jsonb_build_object('predecessorId', predecessor.id, 'predecessorEndsAt', ${oldEndsAt},
    'endsBy', case when plan.retire_at < predecessor.expires_at then 'plan' else 'expiry' end) as details`

/**
 * Renewed tokens' successors that were made in the window and never used, while the old token works until after
 * `oldWorksUntil`.
 * @param clocksDifferByMs at most, the database's and that of the process which made the token: its id begins with the latter's time.
 */
export async function listUnadoptedMadeIn(
  db: Queryable,
  batch: Batch & { clocksDifferByMs: number; oldWorksUntil: Date },
) {
  const ids = idsMadeIn(batch.window, batch.clocksDifferByMs)
  return readDue(
    db,
    sql`
    select ${successorColumns}, successor.created_at::text as at
    from ${tokens} successor
      cross join lateral (select * from ${tokens} where id = successor.predecessor_id offset 0) predecessor
      left join ${openPlan}
    where successor.id between ${ids.from}::uuid and ${ids.to}::uuid
      and ${inWindow(sql`successor.created_at`, batch, sql`successor.id`)}
      and ${oldEndsAt} > ${asMoment(batch.oldWorksUntil)} and ${unadopted(batch)}
    order by successor.created_at, successor.id limit ${batch.limit}`,
  )
}

/** Ids of version 7 begin with milliseconds. */
function idsMadeIn({ after, until }: Window, slackMs: number) {
  const start = (ms: number) => ms.toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')
  return {
    from: `${start(after.getTime() - slackMs)}-0000-0000-000000000000`,
    to: `${start(until.getTime() + slackMs)}-ffff-ffff-ffffffffffff`,
  }
}

/** Successors made until `madeUntil` and never used, whose renewed token ends in the window. */
export async function listUnadoptedOfEndingIn(db: Queryable, batch: Batch & { madeUntil: Date }) {
  const { after, until } = batch.window
  const ending = sql`
    select id from ${tokens} where expires_at > ${asMoment(after)} and expires_at <= ${asMoment(until)}
    union
    select token_id from ${retirementPlans}
    where settled_at is null and retire_at > ${asMoment(after)} and retire_at <= ${asMoment(until)}`
  return readDue(
    db,
    sql`
    select ${successorColumns}, ${oldEndsAt}::text as at
    from (${ending}) ending
      cross join lateral (select * from ${tokens} where id = ending.id offset 0) predecessor
      cross join lateral (select * from ${tokens} where predecessor_id = ending.id offset 0) successor
      left join ${openPlan}
    where ${inWindow(oldEndsAt, batch, sql`successor.id`)}
      and successor.created_at <= ${asMoment(batch.madeUntil)} and ${unadopted(batch)}
    order by ${oldEndsAt}, successor.id limit ${batch.limit}`,
  )
}

/** What a store was asked and has not answered, in a campaign that goes on: asked in the window, and not reminded for `key` yet. */
export async function listUnansweredIn(
  db: Queryable,
  { window, key, limit }: { window: Window; key: string; limit: number },
) {
  const { rows } = await db.execute<{
    id: string
    storeId: string
    partnerId: string
    campaignId: string
    cutOffId: string
    cutOffAt: string
    cutOffBy: string
  }>(sql`
    select request.id, request.store_id as "storeId", request.partner_id as "partnerId", campaign.id as "campaignId",
      campaign.cut_off_id as "cutOffId", cut_off.at as "cutOffAt", cut_off.side as "cutOffBy"
    from ${campaigns} campaign join ${tokenRequests} request on request.campaign_id = campaign.id
      join ${cutOffs} cut_off on cut_off.id = campaign.cut_off_id
    where campaign.ended_at is null and campaign.ends_at > now() and request.state = 'asked'
      and request.asked_at > ${asMoment(window.after)} and request.asked_at <= ${asMoment(window.until)}
      and ${isNotAnnounced(sql`request.id`, key)}
    order by request.id limit ${limit}`)
  return rows
}

/**
 * Campaigns with texts that wait to be collected and were issued in the window, by the day (UTC) of their issue: each day once.
 * `waiting`: how many wait in all.
 */
export async function listWaitingOfCampaigns(
  db: Queryable,
  { window, key, since }: { window: Window; key: string; since: Date },
) {
  const { rows } = await db.execute<{
    campaignId: string
    cutOffId: string
    partnerId: string
    day: string
    waiting: number
  }>(sql`
    select campaign.id as "campaignId", campaign.cut_off_id as "cutOffId", campaign.partner_id as "partnerId", due.day, waiting.count as waiting
    from ${campaigns} campaign cross join lateral (
      select distinct (token.created_at at time zone 'UTC')::date::text as day
      from ${tokenRequests} request join ${tokens} token on token.id = request.token_id
        join ${handovers} handover on handover.token_id = token.id
      where request.campaign_id = campaign.id and request.state = 'waiting' and handover.encrypted_text is not null
        and token.created_at > ${asMoment(window.after)} and token.created_at <= ${asMoment(window.until)}
        and handover.collect_until > now() and token.expires_at > now() and ${isNotRevoked('token')}
    ) due cross join lateral (
      select count(*)::int as count from ${tokenRequests} request
      where request.campaign_id = campaign.id and request.state = 'waiting'
    ) waiting
    where campaign.started_at > ${asMoment(since)}
      and not exists (select from ${events} where ${events.onceKey} = ${key}::text || ':' || campaign.id || ':' || due.day)
    order by campaign.id, due.day`)
  return rows
}
