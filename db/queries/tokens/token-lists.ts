import { and, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, asMoment, beyond, type Direction, ways } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { firstCutOff, isUnwritten, openCutOffs } from './ends.ts'
import { inNameOrder } from './name-search.ts'
import { findNeedy, needRanks } from './needs.ts'
import { type EndedFilter, filtered, type TokenFilter } from './token-filters.ts'
import { isOfParty, isToken, otherParty, partyMatches, type TokenSearch } from './token-search.ts'
import { notRevoked, readTokens } from './tokens.ts'

export type TokenSort = 'needs' | 'expires' | 'created' | 'used' | 'name'

/** The last row seen, by the keys of its order. */
export type TokenPosition = {
  at: Date
  id: string
  name?: string | undefined
  otherId?: string | undefined
  /** Of its pair, one of {@link needRanks}. */
  rank?: number | undefined
}

type PageRequest = {
  search?: TokenSearch | undefined
  direction: Direction
  after?: TokenPosition | undefined
  limit: number
}

type LivePageRequest = PageRequest & {
  show: 'active' | 'expiring'
  expiringWithinDays: number
  filter: TokenFilter
  sort: TokenSort
}

/**
 * The same bounds of `expires_at` in a form that no index starts from. Where a cursor says where to start,
 * PostgreSQL may start from the other bound of the same column instead and walk all the way to the cursor.
 */
const asFilter = {
  notExpired: sql`${tokens.expiresAt} - now() > interval '0'`,
  expired: sql`${tokens.expiresAt} - now() <= interval '0'`,
  expiresWithin: (days: number) => sql`${tokens.expiresAt} - make_interval(days => ${days}) <= now()`,
}

/** Tokens that are neither revoked nor expired. */
export async function listLiveTokens(db: Queryable, scope: Party, page: LivePageRequest) {
  const ids = await liveIds(db, scope, page)
  return page.sort === 'needs' ? readTokens(db, scope, ids, sql`page.rank`) : readTokens(db, scope, ids)
}

/** How many there are in all, counted up to `limit`. */
export async function countLiveTokens(db: Queryable, scope: Party, page: Omit<LivePageRequest, 'after'>) {
  return countIds(db, await liveIds(db, scope, page))
}

/** The ids of {@link listLiveTokens}, for who reads a list whole. */
export async function liveIds(db: Queryable, scope: Party, page: LivePageRequest): Promise<SQL> {
  const days = page.expiringWithinDays
  const startsAtCursor = page.after !== undefined && page.sort !== 'created' && page.sort !== 'used'
  const conditions = [
    notRevoked,
    startsAtCursor && page.direction === 'asc' ? asFilter.notExpired : gt(tokens.expiresAt, sql`now()`),
    page.show === 'active'
      ? undefined
      : startsAtCursor && page.direction === 'desc'
        ? asFilter.expiresWithin(days)
        : lte(tokens.expiresAt, sql`now() + make_interval(days => ${days})`),
    ...filtered(page.filter),
  ]
  switch (page.sort) {
    case 'needs':
      return idsByNeed(scope, page, conditions, await findNeedy(db, scope, days))
    case 'name':
      return idsByName(scope, page, conditions)
    case 'expires':
      return idsByTime(scope, page, sql`${tokens.expiresAt}`, conditions)
    case 'created':
      return idsByTime(scope, page, sql`${tokens.createdAt}`, conditions)
    case 'used':
      return idsByTime(scope, page, lastUse, conditions)
  }
}

async function countIds(db: Queryable, ids: SQL): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`select count(*)::int as count from (${ids}) ids`)
  return rows[0]?.count ?? 0
}

/** Never used ones before all others. No index has it: the tokens of the scope are put in order whole. */
const lastUse = sql`coalesce((select ${tokenUsage.lastUsedAt} from ${tokenUsage} where ${eq(tokenUsage.tokenId, tokens.id)}), 'epoch')`

/** Pairs found by a search are walked one by one up to this number; more are met often enough in the order of time. */
const maxPairsWalked = 100

function idsByTime(scope: Party, page: PageRequest, time: SQL, conditions: (SQL | undefined)[]): SQL {
  const { order } = ways[page.direction]
  const after = beyond(page.direction, [time, tokens.id], page.after && keysOf(page.after))
  const inOrder = sql`order by ${order(time)}, ${order(tokens.id)} limit ${page.limit}`
  if (page.search === undefined) {
    const where = and(inScope(scope, tokens), ...conditions, after)
    return sql`select ${tokens.id} as id from ${tokens} where ${where} ${inOrder}`
  }
  const found: SQL[] = []
  const { ofParty } = page.search
  const oneByOne = isToken(scope, page.search)
  if (oneByOne) {
    const where = and(inScope(scope, tokens), oneByOne, ...conditions, after)
    found.push(sql`(select ${tokens.id} as id, ${time} as at from ${tokens} where ${where} ${inOrder})`)
  }
  if (ofParty !== null) {
    const ofPair = and(
      sql`${tokens.storeId} = pair.store_id`,
      sql`${tokens.partnerId} = pair.partner_id`,
      ...conditions,
      after,
    )
    found.push(sql`(select of_pair.* from pair cross join lateral (
        select ${tokens.id} as id, ${time} as at from ${tokens} where ${ofPair} ${inOrder}
      ) of_pair where (select count(*) from pair) <= ${maxPairsWalked})`)
    const ofMany = and(inScope(scope, tokens), ...conditions, isOfParty(scope, ofParty), after)
    found.push(sql`(select ${tokens.id} as id, ${time} as at from ${tokens}
      where (select count(*) from pair) > ${maxPairsWalked} and ${ofMany} ${inOrder})`)
  }
  const pairs =
    ofParty === null
      ? sql``
      : sql`with pair as materialized (select ${partnerAccess.storeId}, ${partnerAccess.partnerId} from ${partnerAccess}
          where ${and(inScope(scope, partnerAccess), partyMatches(scope, ofParty))} limit ${maxPairsWalked + 1})`
  return sql`${pairs} select id from (${sql.join(found, sql` union `)}) found
    order by ${order(sql`at`)}, ${order(sql`id`)} limit ${page.limit}`
}

/** By the other party's name, then as the tokens of one pair expire. */
function idsByName(scope: Party, page: PageRequest, conditions: (SQL | undefined)[]): SQL {
  const found = [
    ...pairsByName(scope, page, conditions, { rank: sql`${needRanks.none}::int`, after: page.after }),
    ...tokensByName(scope, page, conditions, sql`${needRanks.none}::int`),
  ]
  return inOrderOfNames(page, found)
}

/** The pairs that need somebody first, the neediest before all; then the others, by name. The tokens of a pair stand together. */
function idsByNeed(
  scope: Party,
  page: LivePageRequest,
  conditions: (SQL | undefined)[],
  needy: Awaited<ReturnType<typeof findNeedy>>,
): SQL {
  const { otherId } = otherParty(scope)
  const { after, direction } = page
  const isBehindNeedy = after && (after.rank ?? needRanks.none) === needRanks.none
  const isNeedy = sql`(select rank from needy where needy.other_id = ${otherId})`
  const found: SQL[] = []
  if (!isBehindNeedy || direction === 'desc') {
    const inRank = isBehindNeedy ? undefined : after
    found.push(
      ...pairsByName(scope, page, conditions, {
        ...{ rank: sql`needy.rank`, from: sql`join needy on needy.other_id = ${otherId}`, after: inRank },
        afterRank: inRank && sql`needy.rank ${ways[direction].beyond} ${inRank.rank}::int`,
        sameRank: inRank && sql`needy.rank = ${inRank.rank}::int`,
      }),
    )
  }
  if (isBehindNeedy || direction === 'asc' || !after) {
    found.push(
      ...pairsByName(scope, page, conditions, {
        ...{ rank: sql`${needRanks.none}::int`, after: isBehindNeedy ? after : undefined },
        where: sql`${otherId} not in (select other_id from needy)`,
      }),
    )
  }
  found.push(...tokensByName(scope, page, conditions, sql`coalesce(${isNeedy}, ${needRanks.none}::int)`))
  return sql`with needy as materialized (
      select "otherId" as other_id, rank from jsonb_to_recordset(${JSON.stringify(needy)}::jsonb) as given ("otherId" text, rank int)
    ) ${inOrderOfNames(page, found)}`
}

function inOrderOfNames(page: PageRequest, found: SQL[]): SQL {
  const { order } = ways[page.direction]
  const keys = ['rank', 'name', 'other_id', 'at', 'id'].map((key) => order(sql.raw(key)))
  return sql`select id, rank from (${sql.join(found, sql` union `)}) found
    order by ${sql.join(keys, sql`, `)} limit ${page.limit}`
}

/**
 * Walks the access list by its index and takes a page at most from each pair, so that neither a long list nor a long pair is
 * ever sorted whole. Nothing where the search is for tokens alone.
 */
function pairsByName(
  scope: Party,
  page: PageRequest,
  conditions: (SQL | undefined)[],
  part: {
    rank: SQL
    after: TokenPosition | undefined
    from?: SQL
    where?: SQL
    afterRank?: SQL | undefined
    sameRank?: SQL | undefined
  },
): SQL[] {
  const { search } = page
  if (search && search.ofParty === null) return []
  const { order, notBefore } = ways[page.direction]
  const first = firstOfPair[page.direction]
  const { otherId, ...other } = otherParty(scope)
  const name = inNameOrder(other.name)
  const { after } = part
  const isPairOfLast = and(
    part.sameRank,
    sql`(${name}, ${otherId}) = (${after?.name}::text, ${after?.otherId}::text)`,
  )
  const ofPair = and(
    eq(tokens.storeId, partnerAccess.storeId),
    eq(tokens.partnerId, partnerAccess.partnerId),
    ...conditions,
    beyond(
      page.direction,
      [tokens.expiresAt, tokens.id],
      after && [
        sql`case when ${isPairOfLast} then ${asMoment(after.at)} else ${first.at} end`,
        sql`case when ${isPairOfLast} then ${asId(after.id)} else ${first.id} end`,
      ],
    ),
  )
  const inName =
    after && sql`(${name}, ${otherId}) ${notBefore} (${after.name}::text, ${after.otherId}::text)`
  const pairs = and(
    inScope(scope, partnerAccess),
    search?.ofParty ? partyMatches(scope, search.ofParty) : undefined,
    part.where,
    part.sameRank ? sql`(${part.afterRank} or ${part.sameRank} and ${inName})` : inName,
  )
  const keys = [part.rank, name, otherId, sql`of_pair.at`, sql`of_pair.id`].map((key) => order(key))
  return [
    sql`(select of_pair.id, ${part.rank} as rank, ${name} as name, ${otherId} as other_id, of_pair.at
      from ${partnerAccess} ${part.from ?? sql``} cross join lateral (
        select ${tokens.id} as id, ${tokens.expiresAt} as at from ${tokens} where ${ofPair}
        order by ${order(tokens.expiresAt)}, ${order(tokens.id)} limit ${page.limit}
      ) of_pair
      where ${pairs}
      order by ${sql.join(part.from ? keys : keys.slice(1), sql`, `)} limit ${page.limit})`,
  ]
}

/** The tokens that a search means themselves, a few at most; nothing where it means none. */
function tokensByName(scope: Party, page: PageRequest, conditions: (SQL | undefined)[], rank: SQL): SQL[] {
  const oneByOne = page.search && isToken(scope, page.search)
  if (!oneByOne) return []
  const { order } = ways[page.direction]
  const { otherId, ...other } = otherParty(scope)
  const name = inNameOrder(other.name)
  const keys = [rank, name, otherId, tokens.expiresAt, tokens.id]
  const { after } = page
  const where = and(
    inScope(scope, tokens),
    oneByOne,
    ...conditions,
    beyond(
      page.direction,
      keys,
      after && [
        sql`${after.rank ?? needRanks.none}::int`,
        sql`${after.name}::text`,
        sql`${after.otherId}::text`,
        ...keysOf(after),
      ],
    ),
  )
  return [
    sql`(select ${tokens.id} as id, ${rank} as rank, ${name} as name, ${otherId} as other_id, ${tokens.expiresAt} as at
      from ${tokens} join ${partnerAccess} on ${and(
        eq(partnerAccess.storeId, tokens.storeId),
        eq(partnerAccess.partnerId, tokens.partnerId),
      )}
      where ${where} order by ${sql.join(
        keys.map((key) => order(key)),
        sql`, `,
      )} limit ${page.limit})`,
  ]
}

type EndedPageRequest = PageRequest & { filter?: EndedFilter }

/** Tokens that were revoked, those of a cut-off from its first moment on, or have expired, by the time of their end. */
export async function listEndedTokens(db: Queryable, scope: Party, page: EndedPageRequest) {
  return readTokens(db, scope, endedIds(scope, page))
}

/** How many there are in all, counted up to `limit`. */
export async function countEndedTokens(db: Queryable, scope: Party, page: Omit<EndedPageRequest, 'after'>) {
  return countIds(db, endedIds(scope, page))
}

/** The ids of {@link listEndedTokens}, for who reads a list whole. */
export function endedIds(scope: Party, page: EndedPageRequest): SQL {
  const { reason, by } = page.filter ?? {}
  const isOfReason = (ended: SQL) =>
    reason && (reason === 'none' ? sql`${ended} is null` : sql`${ended} = ${reason}`)
  const isOfSide = (ended: SQL) => by && sql`${ended} = ${by}`
  const { order } = ways[page.direction]
  const after = (time: SQL, id: SQL) => beyond(page.direction, [time, id], page.after && keysOf(page.after))
  const { search } = page
  const oneByOne = search && isToken(scope, search)
  const found: SQL[] = []
  if (oneByOne) {
    const end = sql`coalesce(${revocations.revokedAt}, cut_off.at, ${tokens.expiresAt})`
    const where = and(
      inScope(scope, tokens),
      oneByOne,
      sql`(coalesce(${revocations.revokedAt}, cut_off.at) is not null or ${tokens.expiresAt} <= now())`,
      reason && sql`coalesce(${revocations.revokedAt}, cut_off.at) is not null`,
      isOfReason(
        sql`case when ${revocations.tokenId} is null then cut_off.reason else ${revocations.reason} end`,
      ),
      by === 'expiry'
        ? sql`coalesce(${revocations.revokedAt}, cut_off.at) is null`
        : isOfSide(sql`coalesce(${revocations.side}, cut_off.side)`),
      after(end, sql`${tokens.id}`),
    )
    found.push(sql`(select ${tokens.id} as id, ${end} as at
      from ${tokens} left join ${revocations} on ${eq(revocations.tokenId, tokens.id)}
        left join lateral (${firstCutOff('tokens')}) cut_off on true
      where ${where} order by ${order(end)}, ${order(tokens.id)} limit ${page.limit})`)
  }
  if (!search || search.ofParty !== null) {
    const searched = search?.ofParty ? isOfParty(scope, search.ofParty) : undefined
    const revoked = and(
      inScope(scope, revocations),
      searched &&
        sql`exists (select from ${tokens} where ${and(eq(tokens.id, revocations.tokenId), searched)})`,
      isOfReason(sql`${revocations.reason}`),
      isOfSide(sql`${revocations.side}`),
      after(sql`${revocations.revokedAt}`, sql`${revocations.tokenId}`),
    )
    const cutOff = and(
      inScope(scope, tokens),
      isUnwritten,
      searched,
      after(sql`cut_off.at`, sql`${tokens.id}`),
    )
    const expired = and(
      inScope(scope, tokens),
      page.after && page.direction === 'desc' ? asFilter.expired : lte(tokens.expiresAt, sql`now()`),
      notRevoked,
      searched,
      after(sql`${tokens.expiresAt}`, sql`${tokens.id}`),
    )
    const cutOffs = and(isOfReason(sql`cut_off.reason`), isOfSide(sql`cut_off.side`)) ?? sql`true`
    if (by !== 'expiry')
      found.push(
        sql`(select ${revocations.tokenId} as id, ${revocations.revokedAt} as at from ${revocations} where ${revoked}
          order by ${order(revocations.revokedAt)}, ${order(revocations.tokenId)} limit ${page.limit})`,
        sql`(select of_cut_off.id, cut_off.at from (${openCutOffs(scope)}) cut_off cross join lateral (
            select ${tokens.id} from ${tokens} where ${cutOff} order by ${order(tokens.id)} limit ${page.limit}
          ) of_cut_off where ${cutOffs}
          order by ${order(sql`cut_off.at`)}, ${order(sql`of_cut_off.id`)} limit ${page.limit})`,
      )
    if (!reason && (by === undefined || by === 'expiry'))
      found.push(
        sql`(select ${tokens.id} as id, ${tokens.expiresAt} as at from ${tokens} where ${expired}
          order by ${order(tokens.expiresAt)}, ${order(tokens.id)} limit ${page.limit})`,
      )
    if (found.length === 0) return sql`select ${tokens.id} as id from ${tokens} where false`
  }
  return sql`select id from (${sql.join(found, sql` union `)}) ended
    order by ${order(sql`at`)}, ${order(sql`id`)} limit ${page.limit}`
}

/** Where the tokens of a pair begin, in either direction. */
const firstOfPair = {
  asc: { at: sql`now()`, id: asId('00000000-0000-0000-0000-000000000000') },
  desc: { at: sql`'infinity'::timestamptz`, id: asId('ffffffff-ffff-ffff-ffff-ffffffffffff') },
}

const keysOf = ({ at, id }: TokenPosition) => [asMoment(at), asId(id)]
