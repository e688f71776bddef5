import { and, eq, gt, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, asMoment, beyond, ways } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { isFound } from './found-tokens.ts'
import { inNameOrder } from './name-search.ts'
import { findNeedy, needRanks } from './needs.ts'
import { countIds, keysOf, type PageRequest, type TokenPosition } from './page-requests.ts'
import {
  endsWithin,
  filtered,
  filteredInWalk,
  isOneOfPaused,
  isOneOfWaiting,
  mayCallOfPair,
  pausedInScope,
  rareParts,
  type TokenFilter,
  waitingInAll,
} from './token-filters.ts'
import { isOfParty, isToken, otherParty, partyMatches } from './token-search.ts'
import { notRevoked, readTokens } from './tokens.ts'
import { isNotCutOffJustNow, usedOn, walkedTokens } from './walked-tokens.ts'

export type TokenSort = 'needs' | 'expires' | 'created' | 'used' | 'name'

/** By the facts alone; and of a row of {@link walkedTokens} what it tells itself, and what is looked up elsewhere. */
type Conditions = { ofToken: (SQL | undefined)[]; ofRow: (SQL | undefined)[]; ofFacts: (SQL | undefined)[] }

/**
 * The first `limit` rows of {@link walkedTokens} in their order that `where` and `facts` leave, as rows `tokens`. `facts` are asked of one row
 * after the other, in that order, until there are enough: in one condition with the others, PostgreSQL found all rows first, asked
 * that of each, and sorted what was left. So it does where the limit stands beside an order.
 */
function walked({ where, facts, ordered, limit }: Walk): SQL {
  return sql`(select * from (
      select * from ${walkedTokens} where ${where} ${ordered} offset 0
    ) tokens where ${facts} limit ${limit}) tokens`
}

type Walk = { where: SQL | undefined; facts: SQL | undefined; ordered: SQL; limit: number }

/** `ofPair`: what a row of the access list has to be, where the filter asks something of it. */
type PageOfPairs = PageRequest & { ofPair?: SQL | undefined }

type LivePageRequest = PageRequest & {
  show: 'active' | 'expiring'
  expiringWithinDays: number
  filter: TokenFilter
  sort: TokenSort
  mostPausedSorted?: number
}

/**
 * The same bounds of `expires_at` in a form that no index starts from. Where a cursor says where to start,
 * PostgreSQL may start from the other bound of the same column instead and walk all the way to the cursor.
 */
const asFilter = {
  notExpired: sql`${tokens.expiresAt} - now() > interval '0'`,
  expiresWithin: (days: number) => sql`${tokens.expiresAt} - make_interval(days => ${days}) <= now()`,
}

/** Tokens that are neither revoked nor expired. */
export async function listLiveTokens(db: Queryable, scope: Party, page: LivePageRequest) {
  const ids = await liveIds(db, scope, page)
  return page.sort === 'needs' ? readTokens(db, scope, ids, sql`page.rank`) : readTokens(db, scope, ids)
}

/** What the row of a token does not tell is looked up of so many tokens at most, where they are counted. */
const maxLookedUp = 20_000

/**
 * How many there are in all, counted up to `limit`. `some`: as far as was looked, for what the filter asks has to be looked up elsewhere, and
 * that was done for `mostLookedUp` tokens.
 */
export async function countLiveTokens(
  db: Queryable,
  scope: Party,
  {
    mostLookedUp = maxLookedUp,
    ...page
  }: Omit<LivePageRequest, 'after' | 'sort' | 'direction'> & { mostLookedUp?: number },
): Promise<{ count: number; looked: 'all' | 'some' }> {
  if (page.search) {
    const ids = await liveIds(db, scope, { ...page, sort: 'expires', direction: 'asc' })
    return { count: await countIds(db, ids), looked: 'all' }
  }
  const { paused, ...filter } = page.filter
  const { byRow, byFacts } = filteredInWalk(filter)
  const where = and(
    inScope(scope, tokens),
    gt(tokens.expiresAt, sql`now()`),
    page.show === 'expiring' ? endsWithin(page.expiringWithinDays) : undefined,
    (await fewWaiting(db, filter)) ?? undefined,
    paused ? isOneOfPaused(scope) : undefined,
    ...byRow,
    isNotCutOffJustNow(scope),
  )
  // In no order: by whichever index has the fewest.
  const rows = (limit: number) => sql`select * from ${walkedTokens} where ${where} limit ${limit}`
  const facts = byFacts.filter((fact) => fact !== undefined)
  if (facts.length === 0) return { count: await countIds(db, rows(page.limit)), looked: 'all' }
  const found = sql`select from (${rows(mostLookedUp)}) tokens where ${and(...facts)} limit ${page.limit}`
  const count = await countIds(db, found)
  if (count >= page.limit) return { count, looked: 'all' }
  const walkedRows = await countIds(db, rows(mostLookedUp + 1))
  return { count, looked: walkedRows > mostLookedUp ? 'some' : 'all' }
}

/** The ids of {@link listLiveTokens}, for who reads a list whole. */
export async function liveIds(db: Queryable, scope: Party, page: LivePageRequest): Promise<SQL> {
  const days = page.expiringWithinDays
  const startsAtCursor = page.after !== undefined && page.sort !== 'created' && page.sort !== 'used'
  const times = [
    startsAtCursor && page.direction === 'asc' ? asFilter.notExpired : gt(tokens.expiresAt, sql`now()`),
    page.show === 'active'
      ? undefined
      : startsAtCursor && page.direction === 'desc'
        ? asFilter.expiresWithin(days)
        : endsWithin(days),
  ]
  const { byRow, byFacts } = filteredInWalk(page.filter)
  const conditions = {
    ofToken: [...times, ...filtered(page.filter), notRevoked],
    ofRow: [...times, ...byRow, isNotCutOffJustNow(scope)],
    ofFacts: [notRevoked, ...byFacts],
  }
  const [few, needy] = await Promise.all([
    fewestOf(db, scope, page),
    page.sort === 'needs' ? findNeedy(db, scope, days) : null,
  ])
  if (few) return idsOfFew(scope, page, few, conditions, needy)
  const pages = { ...page, ofPair: page.filter.api && mayCallOfPair(page.filter.api) }
  switch (page.sort) {
    case 'needs':
      return idsByNeed(scope, pages, conditions, needy ?? [])
    case 'name':
      return idsByName(scope, pages, conditions)
    case 'used':
      if (!pages.search && !pages.ofPair) return idsByUse(scope, pages, conditions)
      return idsByTime(scope, pages, lastUse, conditions)
    case 'expires':
    case 'created':
      return idsByTime(scope, pages, timeOf[page.sort], conditions)
  }
}

/** So few texts that wait, of whomever, are looked through for those of the scope. */
const maxWaiting = 2_000

/** Where few texts wait at all, what finds their tokens; else they are looked for among the tokens that were issued so lately. */
async function fewWaiting(db: Queryable, filter: TokenFilter): Promise<SQL | null> {
  if (!filter.waiting) return null
  const { rows } = await db.execute<{ count: number }>(sql`select ${waitingInAll(maxWaiting + 1)} as count`)
  return (rows[0]?.count ?? 0) > maxWaiting ? null : isOneOfWaiting
}

/** So many paused tokens are put in order at once; where there are more, a walk meets one soon enough. */
const maxPausedSorted = 20_000

async function fewPaused(
  db: Queryable,
  scope: Party,
  { filter, mostPausedSorted = maxPausedSorted }: LivePageRequest,
): Promise<SQL | null> {
  if (!filter.paused) return null
  const count = await countIds(db, pausedInScope(scope, mostPausedSorted + 1))
  return count > mostPausedSorted ? null : isOneOfPaused(scope)
}

/** So few rows are put in order at once; among more, a page of them is met soon enough in the order of the list. */
const maxSorted = 1_000

/** The part of the filter that leaves the fewest tokens of the scope, where that is few; each is counted by its own index. */
async function fewestOf(db: Queryable, scope: Party, page: LivePageRequest): Promise<SQL | null> {
  if (page.search) return null
  // However many were found, they are fewer than a walk passes by.
  if (page.filter.found) return isFound(page.filter.found)
  const few = (await fewWaiting(db, page.filter)) ?? (await fewPaused(db, scope, page))
  if (few) return few
  const walkedBy = page.sort === 'created' ? 'creation' : page.sort === 'expires' ? 'expiry' : null
  const soon =
    page.show === 'expiring' && walkedBy !== 'expiry' ? endsWithin(page.expiringWithinDays) : undefined
  const parts = [...rareParts(page.filter, walkedBy), ...(soon ? [soon] : [])]
  if (parts.length === 0) return null
  const counts = parts.map(
    (part) => sql`(select count(*)::int from (
      select from ${walkedTokens} where ${and(inScope(scope, tokens), part)} limit ${maxSorted + 1}) few)`,
  )
  const { rows } = await db.execute<{ counts: number[] }>(
    sql`select array[${sql.join(counts, sql`, `)}] as counts`,
  )
  const found = rows[0]?.counts ?? []
  const fewest = Math.min(...found)
  return fewest > maxSorted ? null : (parts[found.indexOf(fewest)] ?? null)
}

/** A few rows, put in order before any of them is looked up elsewhere. */
function idsOfFew(
  scope: Party,
  page: LivePageRequest,
  few: SQL,
  conditions: Conditions,
  needy: Awaited<ReturnType<typeof findNeedy>> | null,
): SQL {
  const { order } = ways[page.direction]
  const { after, sort } = page
  const { otherId, ...other } = otherParty(scope)
  const none = sql`${needRanks.none}::int`
  const rank = needy
    ? sql`coalesce((select rank from needy where needy.other_id = ${otherId}), ${none})`
    : none
  const isByName = sort === 'needs' || sort === 'name'
  const keys = isByName
    ? [rank, inNameOrder(other.name), otherId, tokens.expiresAt, tokens.id]
    : [timeOf[sort], tokens.id]
  const last =
    after &&
    (isByName
      ? [
          sql`${after.rank ?? needRanks.none}::int`,
          sql`${after.name}::text`,
          sql`${after.otherId}::text`,
          ...keysOf(after),
        ]
      : keysOf(after))
  const named = keys.map((_, n) => sql.raw(`key_${n}`))
  const inOrder = (of: SQLWrapper[]) =>
    sql.join(
      of.map((key) => order(key)),
      sql`, `,
    )
  const joined = isByName
    ? sql`join ${partnerAccess} on ${and(
        eq(partnerAccess.storeId, tokens.storeId),
        eq(partnerAccess.partnerId, tokens.partnerId),
      )}`
    : sql``
  const columns = keys.map((key, n) => sql`${key} as ${named[n] as SQL}`)
  return sql`${needy ? sql`with ${given(needy)}` : sql``}
    select ${tokens.id} as id, ${isByName ? sql`key_0` : none} as rank from (
      select tokens.*, ${sql.join(columns, sql`, `)} from ${walkedTokens} ${joined}
      where ${and(inScope(scope, tokens), few, beyond(page.direction, keys, last))}
      order by ${inOrder(keys)} offset 0
    ) tokens where ${and(...conditions.ofRow, ...conditions.ofFacts)} order by ${inOrder(named)} limit ${page.limit}`
}

/** Of {@link findNeedy}, as rows `needy`. */
const given = (needy: Awaited<ReturnType<typeof findNeedy>>) =>
  sql`needy as materialized (
      select "otherId" as other_id, rank from jsonb_to_recordset(${JSON.stringify(needy)}::jsonb) as given ("otherId" text, rank int)
    )`

/** Never used ones before all others. No index has it, but that of its day: {@link idsByUse}. */
const lastUse = sql`coalesce((select ${tokenUsage.lastUsedAt} from ${tokenUsage} where ${eq(tokenUsage.tokenId, tokens.id)}), 'epoch')`

const timeOf = { expires: sql`${tokens.expiresAt}`, created: sql`${tokens.createdAt}`, used: lastUse }

/** Pairs found by a search are walked one by one up to this number; more are met often enough in the order of time. */
const maxPairsWalked = 100

/**
 * Those that were never used, and the others in the order of the day of their last use, for which there is an index: only tokens of the
 * days that the page comes to are put in order by the moment itself.
 */
function idsByUse(scope: Party, page: PageRequest, conditions: Conditions): SQL {
  const { direction, after, limit } = page
  const { order } = ways[direction]
  const facts = and(beyond(direction, [lastUse, tokens.id], after && keysOf(after)), ...conditions.ofFacts)
  const select = (where: SQL[], ordered: SQL) => sql`select ${tokens.id} as id, ${lastUse} as at
    from ${walked({ where: and(inScope(scope, tokens), ...where, ...conditions.ofRow), facts, ordered, limit })}`
  const day = after && sql`(${asMoment(after.at)} at time zone 'UTC')::date`
  const notBefore = direction === 'asc' ? sql`${usedOn} >= ${day}` : sql`${usedOn} <= ${day}`
  const never = (...where: SQL[]) =>
    select([sql`${usedOn} is null`, ...where], sql`order by ${order(tokens.id)}`)
  const used = (...where: SQL[]) =>
    select(
      [sql`${usedOn} is not null`, ...(after ? [notBefore] : []), ...where],
      sql`order by ${order(usedOn)}, ${order(lastUse)}, ${order(tokens.id)}`,
    )
  const [first, second] = direction === 'asc' ? [never, used] : [used, never]
  // The page seldom comes to the second part: it is asked where the first one leaves room.
  return sql`with first_part as materialized (${first()})
    select id from (
      select * from first_part
      union all
      (${second(sql`(select count(*) from first_part) < ${limit}`)})
    ) found order by ${order(sql`at`)}, ${order(sql`id`)} limit ${limit}`
}

function idsByTime(scope: Party, page: PageOfPairs, time: SQL, conditions: Conditions): SQL {
  const { order } = ways[page.direction]
  const after = beyond(page.direction, [time, tokens.id], page.after && keysOf(page.after))
  const ordered = sql`order by ${order(time)}, ${order(tokens.id)}`
  const inOrder = sql`${ordered} limit ${page.limit}`
  const facts = and(...conditions.ofFacts)
  const { search, ofPair, limit } = page
  if (!search && !ofPair) {
    const where = and(inScope(scope, tokens), ...conditions.ofRow, after)
    return sql`select ${tokens.id} as id from ${walked({ where, facts, ordered, limit })} ${ordered}`
  }
  const found: SQL[] = []
  const oneByOne = search && isToken(scope, search)
  if (oneByOne) {
    const where = and(inScope(scope, tokens), oneByOne, ...conditions.ofToken, after)
    found.push(sql`(select ${tokens.id} as id, ${time} as at from ${tokens} where ${where} ${inOrder})`)
  }
  const isOfPairs = !search || search.ofParty !== null
  const searched = search?.ofParty ?? undefined
  if (isOfPairs) {
    const inPair = and(
      sql`${tokens.storeId} = pair.store_id`,
      sql`${tokens.partnerId} = pair.partner_id`,
      ...conditions.ofRow,
      after,
    )
    found.push(sql`(select of_pair.* from pair cross join lateral (
        select ${tokens.id} as id, ${time} as at from ${walked({ where: inPair, facts, ordered, limit })}
      ) of_pair where (select count(*) from pair) <= ${maxPairsWalked})`)
    const ofMany = and(inScope(scope, tokens), ...conditions.ofRow, after)
    const isSearched = searched === undefined ? undefined : isOfParty(scope, searched)
    const areMany = sql`(select count(*) from pair) > ${maxPairsWalked}`
    const walk = { where: and(areMany, ofMany), facts: and(isSearched, facts), ordered, limit }
    found.push(sql`(select ${tokens.id} as id, ${time} as at from ${walked(walk)})`)
  }
  const ofPairs = and(
    inScope(scope, partnerAccess),
    searched === undefined ? undefined : partyMatches(scope, searched),
    ofPair,
  )
  const pairs = isOfPairs
    ? sql`with pair as materialized (select ${partnerAccess.storeId}, ${partnerAccess.partnerId} from ${partnerAccess}
          where ${ofPairs} limit ${maxPairsWalked + 1})`
    : sql``
  return sql`${pairs} select id from (${sql.join(found, sql` union `)}) found
    order by ${order(sql`at`)}, ${order(sql`id`)} limit ${page.limit}`
}

/** By the other party's name, then as the tokens of one pair expire. */
function idsByName(scope: Party, page: PageOfPairs, conditions: Conditions): SQL {
  const found = [
    ...pairsByName(scope, page, conditions, { rank: sql`${needRanks.none}::int`, after: page.after }),
    ...tokensByName(scope, page, conditions, sql`${needRanks.none}::int`),
  ]
  return inOrderOfNames(page, found)
}

/** The pairs that need somebody first, the neediest before all; then the others, by name. The tokens of a pair stand together. */
function idsByNeed(
  scope: Party,
  page: PageOfPairs,
  conditions: Conditions,
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
  return sql`with ${given(needy)} ${inOrderOfNames(page, found)}`
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
  page: PageOfPairs,
  conditions: Conditions,
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
    ...conditions.ofRow,
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
    page.ofPair,
    part.where,
    part.sameRank ? sql`(${part.afterRank} or ${part.sameRank} and ${inName})` : inName,
  )
  const keys = [part.rank, name, otherId, sql`of_pair.at`, sql`of_pair.id`].map((key) => order(key))
  const ordered = sql`order by ${order(tokens.expiresAt)}, ${order(tokens.id)}`
  const walk = { where: ofPair, facts: and(...conditions.ofFacts), ordered, limit: page.limit }
  return [
    sql`(select of_pair.id, ${part.rank} as rank, ${name} as name, ${otherId} as other_id, of_pair.at
      from ${partnerAccess} ${part.from ?? sql``} cross join lateral (
        select ${tokens.id} as id, ${tokens.expiresAt} as at from ${walked(walk)}
      ) of_pair
      where ${pairs}
      order by ${sql.join(part.from ? keys : keys.slice(1), sql`, `)} limit ${page.limit})`,
  ]
}

/** The tokens that a search means themselves, a few at most; nothing where it means none. */
function tokensByName(scope: Party, page: PageRequest, conditions: Conditions, rank: SQL): SQL[] {
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
    ...conditions.ofToken,
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

/** Where the tokens of a pair begin, in either direction. */
const firstOfPair = {
  asc: { at: sql`now()`, id: asId('00000000-0000-0000-0000-000000000000') },
  desc: { at: sql`'infinity'::timestamptz`, id: asId('ffffffff-ffff-ffff-ffff-ffffffffffff') },
}
