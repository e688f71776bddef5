import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { campaigns, tokenRequests } from '../../schema/campaigns.ts'
import { handovers } from '../../schema/handovers.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, asMoment } from '../keyset.ts'
import { emailOf } from '../people/users.ts'
import { isOpen, type RequestWay, readRequests } from './campaigns.ts'
import { isNotRevoked } from './ends.ts'

type Pair = { storeId: string; partnerId: string }
type Person = {
  userId: string
  userName: string
  role?: typeof tokenRequests.$inferSelect.answeredByRole | undefined
}

const answeredBy = (at: Date, { userId, userName, role }: Person) => ({
  ...{ answeredAt: at, answeredBy: userId, answeredByName: userName },
  answeredByEmail: emailOf(userId),
  answeredByRole: role ?? null,
})

const ofOpenCampaign = sql`exists (select from ${campaigns} where ${campaigns}.id = ${tokenRequests}.campaign_id and ${isOpen})`

/**
 * The pair has a new token: whatever was asked of the store for it is settled. Under the lock of its row of the access list, like
 * all here.
 */
export async function settleRequests(
  tx: Queryable,
  { storeId, partnerId }: Pair,
  { tokenId, way, at, by }: { tokenId: string; way: RequestWay; at: Date; by: Person },
) {
  await tx
    .update(tokenRequests)
    .set({ state: 'waiting', skippedFor: null, tokenId, way, ...answeredBy(at, by) })
    .where(
      and(
        eq(tokenRequests.storeId, storeId),
        eq(tokenRequests.partnerId, partnerId),
        sql`${tokenRequests.tokenId} is null and ${tokenRequests.skippedFor} is distinct from 'asked-again'`,
        ofOpenCampaign,
      ),
    )
}

/** The partner is in the store's list no longer: nobody is asked for it any more. */
export async function skipRequestsOfRemoved(tx: Queryable, { storeId, partnerId }: Pair) {
  await tx
    .update(tokenRequests)
    .set({ state: 'skipped', skippedFor: 'access-removed' })
    .where(
      and(
        eq(tokenRequests.storeId, storeId),
        eq(tokenRequests.partnerId, partnerId),
        sql`${tokenRequests.tokenId} is null`,
        inArray(tokenRequests.state, ['asked', 'declined']),
        ofOpenCampaign,
      ),
    )
}

/** One request to the store; whoever else answers it waits until we commit. */
export async function lockRequest(tx: Queryable, { storeId }: { storeId: string }, id: string) {
  const [found] = await tx
    .select({
      id: tokenRequests.id,
      campaignId: tokenRequests.campaignId,
      partnerId: tokenRequests.partnerId,
      state: tokenRequests.state,
      tokenId: tokenRequests.tokenId,
      /** The token that it came to is accepted. */
      isLive: sql<boolean>`exists (select from ${tokens} where ${tokens.id} = ${tokenRequests.tokenId}
        and ${tokens.expiresAt} > now() and ${isNotRevoked('tokens')})`,
      isOpen: sql<boolean>`${isOpen}`,
    })
    .from(tokenRequests)
    .innerJoin(campaigns, eq(campaigns.id, tokenRequests.campaignId))
    .where(and(eq(tokenRequests.id, id), eq(tokenRequests.storeId, storeId)))
    .for('update', { of: tokenRequests })
  return found
}

/** The partner that it is about: what has to be locked before {@link lockRequest}. */
export async function findRequest(tx: Queryable, { storeId }: { storeId: string }, id: string) {
  const [found] = await tx
    .select({ partnerId: tokenRequests.partnerId })
    .from(tokenRequests)
    .where(and(eq(tokenRequests.id, id), eq(tokenRequests.storeId, storeId)))
  return found
}

/** The token that it came to is dead, and the pair has another one now. */
export async function answerAnew(
  tx: Queryable,
  id: string,
  { tokenId, way, at, by }: { tokenId: string; way: RequestWay; at: Date; by: Person },
) {
  await tx
    .update(tokenRequests)
    .set({ state: 'waiting', tokenId, way, usedAt: null, ...answeredBy(at, by) })
    .where(eq(tokenRequests.id, id))
}

export async function markDeclined(tx: Queryable, id: string, at: Date, by: Person) {
  await tx
    .update(tokenRequests)
    .set({ state: 'declined', ...answeredBy(at, by) })
    .where(eq(tokenRequests.id, id))
}

/** The texts of their tokens were handed out. */
export async function markRequestsCollected(tx: Queryable, tokenIds: string[]) {
  if (tokenIds.length === 0) return
  await tx
    .update(tokenRequests)
    .set({ state: 'collected' })
    .where(and(inArray(tokenRequests.tokenId, tokenIds), eq(tokenRequests.state, 'waiting')))
}

/** What waits for an answer of the store, the newest first; of one partner, or of all. */
export async function listOpenRequests(
  db: Queryable,
  { storeId, partnerId }: { storeId: string; partnerId?: string | undefined },
  limit: number,
) {
  const { rows } = await db.execute<{ id: string }>(sql`
    select ${tokenRequests}.id from ${tokenRequests}
      join ${campaigns} on ${campaigns}.id = ${tokenRequests}.campaign_id
      join ${partnerAccess} access on access.store_id = ${tokenRequests}.store_id and access.partner_id = ${tokenRequests}.partner_id
    where ${tokenRequests}.store_id = ${storeId} and ${tokenRequests}.token_id is null and ${tokenRequests}.state = 'asked'
      ${partnerId === undefined ? sql`` : sql`and ${tokenRequests}.partner_id = ${partnerId}`}
      and ${isOpen} and access.removed_at is null
    order by ${tokenRequests}.id desc limit ${limit}`)
  return inOrder(db, rows)
}

/** All that the store was asked, the newest first. */
export async function listRequestsOfStore(
  db: Queryable,
  { storeId }: { storeId: string },
  {
    way = 'after',
    id,
    limit,
  }: { way?: 'after' | 'before' | undefined; id?: string | undefined; limit: number },
) {
  const key = sql`${tokenRequests}.id`
  const { rows } = await db.execute<{ id: string }>(sql`
    select ${tokenRequests}.id from ${tokenRequests} where ${tokenRequests}.store_id = ${storeId}
      ${id === undefined ? sql`` : way === 'after' ? sql`and ${key} < ${asId(id)}` : sql`and ${key} > ${asId(id)}`}
    order by ${way === 'after' ? sql`${key} desc` : sql`${key} asc`} limit ${limit}`)
  return inOrder(db, rows)
}

async function inOrder(db: Queryable, rows: { id: string }[]) {
  const found = await readRequests(
    db,
    rows.map(({ id }) => id),
  )
  const byId = new Map(found.map((request) => [request.id, request]))
  return rows.flatMap(({ id }) => byId.get(id) ?? [])
}

/**
 * Notes what became of tokens that campaigns led to: collected by a process of the version before, and used for the first time.
 * Of campaigns that began after `since`; waits for nobody. @returns how many.
 */
export async function followTokens(
  db: Queryable,
  { since, limit }: { since: Date; limit: number },
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    with moved as (
      select ${tokenRequests}.id, usage.last_used_at
      from ${campaigns} join ${tokenRequests} on ${tokenRequests}.campaign_id = ${campaigns}.id
        left join ${tokenUsage} usage on usage.token_id = ${tokenRequests}.token_id
        left join ${handovers} handover on handover.token_id = ${tokenRequests}.token_id
      where ${campaigns}.started_at > ${asMoment(since)} and ${tokenRequests}.state in ('waiting', 'collected')
        and (usage.token_id is not null or ${tokenRequests}.state = 'waiting' and handover.collected_at is not null)
      limit ${limit} for update of ${tokenRequests} skip locked
    )
    update ${tokenRequests} set state = case when moved.last_used_at is null then 'collected' else 'used' end,
      used_at = moved.last_used_at
    from moved where ${tokenRequests}.id = moved.id`)
  return rowCount ?? 0
}
