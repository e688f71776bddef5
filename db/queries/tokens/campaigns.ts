import { and, count, desc, eq, isNull, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import {
  campaigns,
  type requestStates,
  type requestWays,
  type skipReasons,
  tokenRequests,
} from '../../schema/campaigns.ts'
import { cutOffs } from '../../schema/cut-offs.ts'
import { handovers } from '../../schema/handovers.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { partners } from '../../schema/partners.ts'
import { pauses } from '../../schema/pauses.ts'
import { stores } from '../../schema/stores.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, asMoment } from '../keyset.ts'
import { emailOf } from '../people/users.ts'
import { isEndedByCutOff, isNotRevoked, isRevoked, wasPausedAt } from './ends.ts'

export type RequestState = (typeof requestStates)[number]
export type RequestWay = (typeof requestWays)[number]
export type SkipReason = (typeof skipReasons)[number]

/** A campaign that goes on. */
export const isOpen = sql`(${campaigns.endedAt} is null and ${campaigns.endsAt} > now())`

export type CampaignRow = typeof campaigns.$inferSelect

export async function findCampaignOf(
  db: Queryable,
  { cutOffId, partnerId }: { cutOffId: string; partnerId: string },
): Promise<CampaignRow | undefined> {
  const [found] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.cutOffId, cutOffId), eq(campaigns.partnerId, partnerId)))
  return found
}

/** How many seconds until one of the partner's last `most` campaigns is `minutes` old; 0 where they were fewer. */
export async function secondsUntilNextCampaign(
  tx: Queryable,
  partnerId: string,
  { most, minutes }: { most: number; minutes: number },
): Promise<number> {
  const window = sql`${minutes}::int * interval '1 minute'`
  const { rows } = await tx.execute<{ seconds: number }>(sql`
    select ceil(extract(epoch from started_at + ${window} - clock_timestamp()))::int as seconds from ${campaigns}
    where partner_id = ${partnerId} and started_at > clock_timestamp() - ${window}
    order by started_at desc offset ${most - 1} limit 1`)
  return Math.max(rows[0]?.seconds ?? 0, 0)
}

type Person = { userId: string; userName: string; role: NonNullable<CampaignRow['userRole']> }

export async function insertCampaign(
  tx: Queryable,
  campaign: { id: string; cutOffId: string; partnerId: string; startedAt: Date; endsAt: Date; by: Person },
) {
  const { id, cutOffId, partnerId, startedAt, endsAt, by } = campaign
  await tx.insert(campaigns).values({
    ...{ id, cutOffId, partnerId, startedAt, endsAt, userId: by.userId, userName: by.userName },
    userEmail: emailOf(by.userId),
    userRole: by.role,
  })
}

/** One of the partner's, locked until we commit: the worker waits with its next stores. */
export async function lockCampaign(tx: Queryable, { partnerId }: { partnerId: string }, id: string) {
  const [found] = await tx
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.id, id), eq(campaigns.partnerId, partnerId)))
    .for('no key update')
  return found
}

export async function markEnded(tx: Queryable, id: string, by: { at: Date; person: EndedBy }) {
  await tx.update(campaigns).set(endOf(by)).where(eq(campaigns.id, id))
}

/** As they are in this moment; null: time, or an operator, whose name is for nobody. */
export type EndedBy = { userId: string; userName: string; role: CampaignRow['userRole'] } | null

const endOf = ({ at, person }: { at: Date; person: EndedBy }) => ({
  endedAt: at,
  ...(person && {
    ...{ endedBy: person.userId, endedByName: person.userName, endedByRole: person.role },
    endedByEmail: emailOf(person.userId),
  }),
})

/** Ends all that go on for the partner. @returns them. */
export async function endOpenCampaigns(
  tx: Queryable,
  { partnerId }: { partnerId: string },
  by: { at: Date; person: EndedBy },
) {
  return tx
    .update(campaigns)
    .set(endOf(by))
    .where(
      and(
        eq(campaigns.partnerId, partnerId),
        isNull(campaigns.endedAt),
        sql`${campaigns.endsAt} > ${asMoment(by.at)}`,
      ),
    )
    .returning()
}

/** One whose time is over, and nobody ended, besides `besides`; locked. What others have in hand is passed over. */
export async function lockOverdueCampaign(tx: Queryable, now: Date, { besides }: { besides: string[] }) {
  const [found] = await tx
    .select()
    .from(campaigns)
    .where(
      and(
        isNull(campaigns.endedAt),
        sql`${campaigns.endsAt} <= ${asMoment(now)}`,
        notInArray(campaigns.id, besides),
      ),
    )
    .orderBy(campaigns.endsAt)
    .limit(1)
    .for('no key update', { skipLocked: true })
  return found
}

/**
 * The oldest campaign that has stores left to look at, locked until we commit; those that another worker has in hand are passed
 * over, and `besides`.
 */
export async function lockUnreachedCampaign(tx: Queryable, { besides }: { besides: string[] }) {
  const [found] = await tx
    .select()
    .from(campaigns)
    .where(and(isNull(campaigns.reachedAt), isOpen, notInArray(campaigns.id, besides)))
    .orderBy(campaigns.startedAt, campaigns.id)
    .limit(1)
    .for('no key update', { skipLocked: true })
  return found
}

type Place = Pick<CampaignRow, 'cutOffId' | 'partnerId' | 'lastStoreId'>

/**
 * The next stores of the partner, `limit` looked at in the order of their ids: those that lost a live token by the cut-off.
 * @returns them, the last one looked at, and whether that was the end.
 */
export async function readNextStores(
  tx: Queryable,
  { cutOffId, partnerId, lastStoreId }: Place,
  limit: number,
) {
  const { rows } = await tx.execute<{ storeIds: string[]; last: string | null; looked: number }>(sql`
    with cut_off as materialized (
      select * from ${cutOffs} where id = ${asId(cutOffId)}
    ), looked as materialized (
      select access.store_id, access.partner_id from ${partnerAccess} access cross join cut_off
      where access.partner_id = ${partnerId} and access.store_id > ${lastStoreId} and cut_off.store_id in ('', access.store_id)
      order by access.store_id limit ${limit}
    )
    select (select max(store_id) from looked) as last, (select count(*)::int from looked) as looked,
      array(select looked.store_id from looked cross join cut_off where exists (
        select from ${tokens} where tokens.store_id = looked.store_id and tokens.partner_id = looked.partner_id
          and ${isEndedByCutOff} offset 0) order by looked.store_id) as "storeIds"`)
  const { storeIds, last, looked } = rows[0] ?? { storeIds: [], last: null, looked: 0 }
  return { storeIds, lastStoreId: last ?? lastStoreId, isEnd: looked < limit }
}

/**
 * The partner's rows of these stores' access lists, locked like all that issue and revoke there, with the package and the
 * setting of each store: nobody changes either until we commit.
 */
export async function lockAccessOfStores(tx: Queryable, partnerId: string, storeIds: string[]) {
  const { rows } = await tx.execute<{
    storeId: string
    isRemoved: boolean
    package: typeof stores.$inferSelect.package
    isWaived: boolean
  }>(sql`
    select access.store_id as "storeId", access.removed_at is not null as "isRemoved", store.package,
      store.consent_waived_at is not null as "isWaived"
    from ${partnerAccess} access join ${stores} store on store.id = access.store_id
    where access.partner_id = ${partnerId} and access.store_id in (${listOf(storeIds)})
    order by access.store_id, access.partner_id for update of access for share of store`)
  return rows
}

const listOf = (texts: string[]): SQL =>
  sql`select value from jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb)`

/** How far the token of the query's `tokens` has come, as a request has it. */
const stateOfToken = sql<RequestState>`case
  when exists (select from ${tokenUsage} where ${tokenUsage.tokenId} = tokens.id) then 'used'
  when exists (select from ${handovers} where ${handovers.tokenId} = tokens.id and ${handovers.encryptedText} is not null) then 'waiting'
  else 'collected' end`

/** Of each of these stores that has one: the partner's newest live token, and how far it has come. */
export async function readLiveTokensOf(tx: Queryable, partnerId: string, storeIds: string[]) {
  const { rows } = await tx.execute<{
    storeId: string
    tokenId: string
    state: 'waiting' | 'collected' | 'used'
  }>(sql`
    select tokens.store_id as "storeId", tokens.id as "tokenId", ${stateOfToken} as state
    from (${listOf(storeIds)}) given (store_id) cross join lateral (
      select * from ${tokens}
      where tokens.store_id = given.store_id and tokens.partner_id = ${partnerId} and tokens.expires_at > now()
        and ${isNotRevoked('tokens')}
      order by tokens.created_at desc, tokens.id desc limit 1
    ) tokens`)
  return rows
}

/**
 * Those of these stores where somebody ended tokens of the partner's again since the cut-off: by a later one, or token by token. Each
 * token that was revoked since was issued since. And those that had paused one of the tokens that it ended: they would have a new one
 * that nobody stopped.
 */
export async function readEndedOrPaused(
  tx: Queryable,
  { partnerId, cutOffId }: Pick<CampaignRow, 'partnerId' | 'cutOffId'>,
  storeIds: string[],
): Promise<Set<string>> {
  const { rows } = await tx.execute<{ storeId: string }>(sql`
    select given.store_id as "storeId"
    from (select at from ${cutOffs} where id = ${asId(cutOffId)}) cut_off cross join (${listOf(storeIds)}) given (store_id)
    where exists (select from ${cutOffs} later where later.at > cut_off.at and later.extent in (
        given.store_id || ' ' || ${partnerId}, given.store_id || ' ', ' ' || ${partnerId}))
      or exists (select from ${tokens} where tokens.store_id = given.store_id and tokens.partner_id = ${partnerId}
        and tokens.created_at > cut_off.at and ${isRevoked('tokens')})
      or (select exists (select from ${pauses})) and exists (
        select from ${tokens} where tokens.store_id = given.store_id and tokens.partner_id = ${partnerId}
          and tokens.created_at <= cut_off.at and tokens.expires_at > cut_off.at
          and ${wasPausedAt('tokens', 'merchant', sql`cut_off.at`)})`)
  return new Set(rows.map(({ storeId }) => storeId))
}

/** Whether the worker has yet to come, in a campaign after this cut-off or a later one, to the store or one of the pair. */
export async function isToBeReached(
  tx: Queryable,
  { storeId, partnerId }: { storeId: string; partnerId: string },
  since: Date,
): Promise<boolean> {
  const { rows } = await tx.execute<{ is: boolean }>(sql`
    select exists (
      select from ${campaigns} join ${cutOffs} on ${cutOffs.id} = ${campaigns.cutOffId}
        join ${partnerAccess} access on access.partner_id = ${campaigns.partnerId} and access.store_id = ${storeId}
      where ${isOpen} and ${campaigns.reachedAt} is null and ${campaigns.lastStoreId} < ${storeId}
        and ${cutOffs.at} >= ${asMoment(since)} and ${cutOffs.storeId} in ('', ${storeId})
        ${partnerId === '' ? sql`` : sql`and ${campaigns.partnerId} = ${partnerId}`}) as is`)
  return rows[0]?.is ?? false
}

export type NewRequest = {
  id: string
  storeId: string
  state: RequestState
  skippedFor: SkipReason | null
  tokenId: string | null
  way: RequestWay | null
}

/** Those of before that nobody answered make room: a store is asked once. */
export async function insertRequests(
  tx: Queryable,
  campaign: { id: string; partnerId: string; askedAt: Date },
  requests: NewRequest[],
) {
  if (requests.length === 0) return
  const { id, partnerId, askedAt } = campaign
  await tx.execute(sql`
    update ${tokenRequests} set state = 'skipped', skipped_for = 'asked-again'
    where partner_id = ${partnerId} and store_id in (${listOf(requests.map(({ storeId }) => storeId))})
      and token_id is null and state in ('asked', 'declined') and campaign_id <> ${asId(id)}`)
  await tx.execute(sql`
    insert into ${tokenRequests} (id, campaign_id, store_id, partner_id, state, skipped_for, asked_at, token_id, way)
    select id, ${asId(id)}, "storeId", ${partnerId}, state, "skippedFor", ${asMoment(askedAt)}, "tokenId", way
    from jsonb_to_recordset(${JSON.stringify(requests)}::jsonb) as request (
      id uuid, "storeId" text, state text, "skippedFor" text, "tokenId" uuid, way text)`)
}

/** @param reachedAt where these were the last stores. */
export async function notePlace(
  tx: Queryable,
  id: string,
  place: { lastStoreId: string; reachedAt: Date | null },
) {
  await tx.update(campaigns).set(place).where(eq(campaigns.id, id))
}

/** How many stores there are in each state; what is not there are none. */
export async function countRequests(
  db: Queryable,
  campaignIds: string[],
): Promise<Map<string, Partial<Record<RequestState, number>>>> {
  if (campaignIds.length === 0) return new Map()
  const rows = await db
    .select({ campaignId: tokenRequests.campaignId, state: tokenRequests.state, count: count() })
    .from(tokenRequests)
    .where(
      sql`${tokenRequests.campaignId} = any(array(select value::uuid from jsonb_array_elements_text(${JSON.stringify(campaignIds)}::jsonb)))`,
    )
    .groupBy(tokenRequests.campaignId, tokenRequests.state)
  const counts = new Map<string, Partial<Record<RequestState, number>>>()
  for (const row of rows)
    counts.set(row.campaignId, { ...counts.get(row.campaignId), [row.state]: row.count })
  return counts
}

/** What the audit record says of who ended the campaign. */
function recordedEnd(column: SQL): SQL {
  return sql`case when ${campaigns.endedBy} is not null then (
    select audit.${column} from ${auditEvents} audit
    where audit.token_id is null and audit.store_id is null and audit.partner_id = ${campaigns}.partner_id
      and audit.action = 'service.ended' and audit.user_id = ${campaigns}.ended_by
      and audit.details ->> 'campaignId' = ${campaigns}.id::text limit 1) end`
}

const shownCampaign = {
  id: campaigns.id,
  cutOffId: campaigns.cutOffId,
  partnerId: campaigns.partnerId,
  partnerName: sql<string>`(select name from ${partners} where id = ${campaigns}.partner_id)`,
  startedAt: campaigns.startedAt,
  userName: campaigns.userName,
  userEmail: campaigns.userEmail,
  endsAt: campaigns.endsAt,
  endedAt: campaigns.endedAt,
  endedByName: campaigns.endedByName,
  /** Of the account at that time. */
  endedByEmail: sql<string | null>`coalesce(${campaigns.endedByEmail}, ${recordedEnd(sql`user_email`)})`,
  endedByRole: sql<
    CampaignRow['userRole']
  >`coalesce(${campaigns.endedByRole}, ${recordedEnd(sql`user_role`)})`,
  lastStoreId: campaigns.lastStoreId,
  reachedAt: campaigns.reachedAt,
  isOpen: sql<boolean>`${isOpen}`,
  /** The database's time of this answer. */
  asOf: sql<Date>`now()`.mapWith(campaigns.startedAt),
}

/** Those of one cut-off, of all partners or of one, the oldest first. */
export async function listCampaignsOfCutOff(
  db: Queryable,
  { cutOffId, partnerId }: { cutOffId: string; partnerId?: string | undefined },
  limit: number,
) {
  return db
    .select(shownCampaign)
    .from(campaigns)
    .where(
      and(
        eq(campaigns.cutOffId, cutOffId),
        partnerId === undefined ? undefined : eq(campaigns.partnerId, partnerId),
      ),
    )
    .orderBy(campaigns.startedAt, campaigns.id)
    .limit(limit)
}

/** A partner's campaigns that go on, the last first. */
export async function listOpenCampaigns(db: Queryable, { partnerId }: { partnerId: string }, limit: number) {
  return db
    .select(shownCampaign)
    .from(campaigns)
    .where(and(eq(campaigns.partnerId, partnerId), isOpen))
    .orderBy(desc(campaigns.startedAt))
    .limit(limit)
}

/** The stores of a campaign in the order of their ids, from one on; of one state, or all. */
export async function listRequestsOf(
  db: Queryable,
  campaignId: string,
  page: {
    state?: RequestState | undefined
    way?: 'after' | 'before' | undefined
    storeId?: string | undefined
    limit: number
  },
) {
  const { state, way = 'after', storeId, limit } = page
  const key = sql`request.store_id`
  const { rows } = await db.execute<{ id: string }>(sql`
    select request.id from ${tokenRequests} request
    where request.campaign_id = ${asId(campaignId)} ${state === undefined ? sql`` : sql`and request.state = ${state}`}
      ${storeId === undefined ? sql`` : way === 'after' ? sql`and ${key} > ${storeId}` : sql`and ${key} < ${storeId}`}
    order by ${way === 'after' ? sql`${key} asc` : sql`${key} desc`} limit ${limit}`)
  const ids = rows.map(({ id }) => id)
  const found = await readRequests(db, ids)
  const byId = new Map(found.map((request) => [request.id, request]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** All that is shown of requests, with what their tokens came to meanwhile. */
export async function readRequests(db: Queryable, ids: string[]) {
  if (ids.length === 0) return []
  return db
    .select({
      id: tokenRequests.id,
      campaignId: tokenRequests.campaignId,
      storeId: tokenRequests.storeId,
      storeName: sql<string>`(select name from ${stores} where id = ${tokenRequests}.store_id)`,
      partnerId: tokenRequests.partnerId,
      partnerName: sql<string>`(select name from ${partners} where id = ${tokenRequests}.partner_id)`,
      state: tokenRequests.state,
      skippedFor: tokenRequests.skippedFor,
      askedAt: tokenRequests.askedAt,
      answeredAt: tokenRequests.answeredAt,
      answeredByName: tokenRequests.answeredByName,
      answeredByEmail: tokenRequests.answeredByEmail,
      answeredByRole: tokenRequests.answeredByRole,
      way: tokenRequests.way,
      tokenId: tokenRequests.tokenId,
      lastCharacters: tokens.lastCharacters,
      issuedAt: tokens.createdAt,
      expiresAt: tokens.expiresAt,
      isRevoked: sql<boolean>`${tokens.id} is not null and ${isRevoked('tokens')}`,
      isKept: sql<boolean>`${handovers.encryptedText} is not null`,
      collectUntil: handovers.collectUntil,
      collectedAt: handovers.collectedAt,
      collectedFrom: handovers.collectedFrom,
      lastUsedAt: tokenUsage.lastUsedAt,
      usedAt: tokenRequests.usedAt,
      cutOffAt: cutOffs.at,
      cutOffFrom: cutOffs.side,
      cutOffReason: cutOffs.reason,
      cutOffNote: cutOffs.note,
      endsAt: campaigns.endsAt,
      isOpen: sql<boolean>`${isOpen}`,
      asOf: sql<Date>`now()`.mapWith(campaigns.startedAt),
    })
    .from(tokenRequests)
    .innerJoin(campaigns, eq(campaigns.id, tokenRequests.campaignId))
    .innerJoin(cutOffs, eq(cutOffs.id, campaigns.cutOffId))
    .leftJoin(tokens, eq(tokens.id, tokenRequests.tokenId))
    .leftJoin(handovers, eq(handovers.tokenId, tokenRequests.tokenId))
    .leftJoin(tokenUsage, eq(tokenUsage.tokenId, tokenRequests.tokenId))
    .where(
      sql`${tokenRequests.id} = any(array(select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)))`,
    )
}

export type RequestRow = Awaited<ReturnType<typeof readRequests>>[number]
