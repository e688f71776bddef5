import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { partners } from '../../schema/partners.ts'
import { stores } from '../../schema/stores.ts'
import { tokens } from '../../schema/tokens.ts'
import { beyond, type Direction, ways } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { issueTime } from '../tokens/cut-offs.ts'
import { inNameOrder } from '../tokens/name-search.ts'
import { otherParty, partyMatches } from '../tokens/token-search.ts'
import { live, notRevoked, readTokens } from '../tokens/tokens.ts'

type Pair = { storeId: string; partnerId: string }
type Apis = (typeof partnerAccess.$inferSelect)['apis']

/** Live tokens are counted no further than this. */
const maxCounted = 101

/** A partner and whether the store has it in its access list now; nothing where there is no such partner. */
export async function findPartnerFor(db: Queryable, { storeId, partnerId }: Pair) {
  const [found] = await db
    .select({ id: partners.id, name: partners.name, listedSince: partnerAccess.addedAt })
    .from(partners)
    .leftJoin(
      partnerAccess,
      and(
        eq(partnerAccess.partnerId, partners.id),
        eq(partnerAccess.storeId, storeId),
        isNull(partnerAccess.removedAt),
      ),
    )
    .where(eq(partners.id, partnerId))
  return found
}

/**
 * Puts the partner into the list, or back into it. The row is locked until we commit, and who adds it at the same time
 * waits for that.
 * @returns since when it is in the list, by the database's clock; nothing where it is in the list already, or there is no such store or partner.
 */
export async function insertAccess(tx: Queryable, { storeId, partnerId, apis }: Pair & { apis: Apis }) {
  // Not `now()`: who waited for the lock is later than whom it waited for. Its first token is made at the same time.
  const at = issueTime
  const { rows } = await tx.execute<{ added_at: string }>(sql`
    insert into ${partnerAccess} (store_id, partner_id, store_name, partner_name, apis, added_at)
    select ${stores.id}, ${partners.id}, ${stores.name}, ${partners.name},
      ${sql.param(apis, partnerAccess.apis)}, ${at}
    from ${stores} cross join ${partners}
    where ${stores.id} = ${storeId} and ${partners.id} = ${partnerId}
    on conflict (store_id, partner_id) do update
      set apis = excluded.apis, added_at = ${at}, removed_at = null
      where ${partnerAccess.removedAt} is not null
    returning added_at`)
  return rows[0] && { addedAt: new Date(rows[0].added_at) }
}

/** How many live tokens the pair of the row has, 101 at most. Drizzle leaves the table's name away in a list of columns. */
const liveTokens = sql<number>`(select count(*)::int from (
  select from ${tokens}
  where ${tokens}.store_id = ${partnerAccess}.store_id and ${tokens}.partner_id = ${partnerAccess}.partner_id
    and ${tokens}.expires_at > now()
    and ${notRevoked}
  limit ${maxCounted}
) counted)`

const currentName = sql<string>`(select name from ${partners} where id = ${partnerAccess}.partner_id)`

const shown = {
  storeId: partnerAccess.storeId,
  storeName: sql<string>`(select name from ${stores} where id = ${partnerAccess}.store_id)`,
  partnerId: partnerAccess.partnerId,
  partnerName: currentName,
  /** Where the lists of either side have it: after a renaming under the old name, for a while. */
  sortedByPartnerName: partnerAccess.partnerName,
  sortedByStoreName: partnerAccess.storeName,
  apis: partnerAccess.apis,
  addedAt: partnerAccess.addedAt,
  liveTokens,
}

/** One partner of the store's list. */
export async function findAccess(db: Queryable, { storeId, partnerId }: Pair) {
  const [found] = await db
    .select(shown)
    .from(partnerAccess)
    .where(
      and(
        eq(partnerAccess.storeId, storeId),
        eq(partnerAccess.partnerId, partnerId),
        isNull(partnerAccess.removedAt),
      ),
    )
  return found
}

/** By what the list has of whoever stands on the other side. */
export type AccessPosition = { name: string; otherId: string }

/** The store's list by the partners' names, or the stores that have the partner in theirs by their names, from the position on. */
export async function listAccess(
  db: Queryable,
  scope: Party,
  page: {
    search?: string | undefined
    direction: Direction
    after?: AccessPosition | undefined
    limit: number
  },
) {
  const { name, otherId } = otherParty(scope)
  const inOrder = inNameOrder(name)
  const { order } = ways[page.direction]
  return db
    .select(shown)
    .from(partnerAccess)
    .where(
      and(
        inScope(scope, partnerAccess),
        isNull(partnerAccess.removedAt),
        page.search === undefined ? undefined : partyMatches(scope, page.search),
        beyond(
          page.direction,
          [inOrder, otherId],
          page.after && [sql`${page.after.name}::text`, sql`${page.after.otherId}::text`],
        ),
      ),
    )
    .orderBy(order(inOrder), order(otherId))
    .limit(page.limit)
}

/** The row of the pair as it is now, under a lock that {@link insertAccess} and all that make or end tokens wait for. */
export async function lockListed(tx: Queryable, pair: Pair) {
  const [row] = await tx
    .select({ apis: partnerAccess.apis, partnerName: currentName })
    .from(partnerAccess)
    .where(
      and(
        eq(partnerAccess.storeId, pair.storeId),
        eq(partnerAccess.partnerId, pair.partnerId),
        isNull(partnerAccess.removedAt),
      ),
    )
    .for('update')
  return row
}

export async function updateApis(tx: Queryable, pair: Pair, apis: Apis) {
  await tx.update(partnerAccess).set({ apis }).where(isPair(pair))
}

export async function markRemoved(tx: Queryable, pair: Pair, removedAt: Date) {
  await tx.update(partnerAccess).set({ removedAt }).where(isPair(pair))
}

/** The pair's live tokens, soonest to expire first. */
export async function listLiveTokenIds(db: Queryable, pair: Pair, limit: number): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(liveTokenIds(pair, limit))
  return rows.map(({ id }) => id)
}

/** The same, with all that is shown of a token. */
export async function listLiveTokensOfPair(db: Queryable, pair: Pair, limit: number) {
  return readTokens(db, { side: 'merchant', storeId: pair.storeId }, liveTokenIds(pair, limit))
}

function liveTokenIds({ storeId, partnerId }: Pair, limit: number): SQL {
  return sql`select ${tokens.id} as id from ${tokens}
    where ${and(eq(tokens.storeId, storeId), eq(tokens.partnerId, partnerId), live)}
    order by ${tokens.expiresAt}, ${tokens.id} limit ${limit}`
}

function isPair(pair: Pair) {
  return and(eq(partnerAccess.storeId, pair.storeId), eq(partnerAccess.partnerId, pair.partnerId))
}
