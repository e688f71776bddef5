import { countEndedTokens, endedIds, listEndedTokens } from '#db/queries/tokens/ended-lists.ts'
import type { EndedFilter, TokenFilter } from '#db/queries/tokens/token-filters.ts'
import { countLiveTokens, listLiveTokens, liveIds, type TokenSort } from '#db/queries/tokens/token-lists.ts'
import { findTokens, readTokensInOrder } from '#db/queries/tokens/tokens.ts'
import { readByCursor } from '#db/snapshot.ts'
import type { Actor } from '../../access/actor.ts'
import type { Batches } from '../../downloads/batches.ts'
import { rowsAtOnce } from '../../downloads/limits.ts'
import { readPage } from '../../http/paging.ts'
import type { Database } from '../../process/database.ts'
import { expiringWithinDays } from '../limits.ts'
import { intoChains } from '../model/chains.ts'
import { collectWithinDays } from '../model/handover.ts'
import { inUseWithinDays } from '../model/status.ts'
import { describeToken, type Token } from '../model/token.ts'
import { type Count, countedExactly } from './counts.ts'
import { cursorOf, type ListFilters, type ListQuery, placeOf, positionOf, type Use } from './list-query.ts'
import { readSearch } from './search.ts'
import { type UsageDay, usageDays } from './usage-days.ts'

export const tokensPerPage = 25

export type TokenPage = {
  tokens: Token[]
  /** By the token's id: its last 30 days, today last. */
  usage: Map<string, UsageDay[]>
  /** Cursors of the pages around this one; null at either end. */
  previous: string | null
  next: string | null
}

/** One page of the actor's tokens, {@link tokensPerPage} rows at most. Two queries, however long the list. */
export async function listTokens(
  actor: Actor,
  query: ListQuery,
  { db }: { db: Database },
): Promise<TokenPage> {
  const { rows, previous, next } = await readTokenPage(actor, query, { db, size: tokensPerPage })
  return {
    // In these orders those of one store and partner stand together: the page holds the same rows, each chain in its order.
    tokens: query.sort === 'name' || query.sort === 'needs' ? intoChains(rows) : rows,
    usage: await usageDays(
      actor,
      rows.map(({ id }) => id),
      { db },
    ),
    ...{ previous, next },
  }
}

/** The rows of a page in the order of the list, `size` at most, with the cursors of the pages around it. */
export async function readTokenPage(
  actor: Actor,
  query: ListQuery,
  { db, size }: { db: Database; size: number },
): Promise<{ rows: Token[]; previous: string | null; next: string | null }> {
  const place = placeOf(query)
  const direction = place?.way === 'before' ? opposite(query.direction) : query.direction
  const page = await readPage({ size, way: place?.way }, async (limit) => {
    const asked = {
      search: query.search ? readSearch(query.search) : undefined,
      direction,
      after: place?.keys,
      limit,
    }
    const rows =
      query.show === 'ended'
        ? await listEndedTokens(db, actor, { ...asked, filter: endedFilterOf(query, actor) })
        : await listLiveTokens(db, actor, { ...asked, ...liveListOf(query, query.show, actor) })
    return rows.map(describeToken)
  })
  const cursorFrom = (token: Token | null) => token && cursorOf(positionOf(token, query, actor.side))
  return {
    rows: page.rows,
    previous: cursorFrom(page.previous),
    next: cursorFrom(page.next),
  }
}

/** More than there are: the list has no end but its own. */
const noLimit = 2 ** 31 - 1

/** All of the list that the page is one of, in its order. */
export function allTokens(actor: Actor, query: ListQuery): Batches<Token> {
  const { direction } = query
  const asked = {
    ...{ direction, limit: noLimit },
    search: query.search ? readSearch(query.search) : undefined,
  }
  return async function* (snapshot) {
    const ids =
      query.show === 'ended'
        ? endedIds(actor, { ...asked, filter: endedFilterOf(query, actor) })
        : await liveIds(snapshot, actor, { ...asked, ...liveListOf(query, query.show, actor) })
    for await (const batch of readByCursor<{ id: string }>(snapshot, ids, rowsAtOnce)) {
      const rows = await readTokensInOrder(
        snapshot,
        actor,
        batch.map(({ id }) => id),
      )
      yield rows.map(describeToken)
    }
  }
}

/** How many tokens the whole list holds that a page is one of. */
export async function countListed(actor: Actor, query: ListQuery, { db }: { db: Database }): Promise<Count> {
  const asked = {
    search: query.search ? readSearch(query.search) : undefined,
    direction: query.direction,
    limit: countedExactly + 1,
  }
  const { count, looked } =
    query.show === 'ended'
      ? {
          count: await countEndedTokens(db, actor, { ...asked, filter: endedFilterOf(query, actor) }),
          looked: 'all',
        }
      : await countLiveTokens(db, actor, { ...asked, ...liveListOf(query, query.show, actor) })
  if (count > countedExactly) return { count: countedExactly, more: 'maybe' }
  return { count, more: looked === 'all' ? 'no' : 'maybe' }
}

/** What of a list's address decides which live tokens it shows, and their order. */
export function liveListOf(query: ListQuery, show: 'active' | 'expiring', actor: Actor) {
  const sort = (query.sort === 'ended' ? 'expires' : query.sort) satisfies TokenSort
  return { show, expiringWithinDays, filter: filterOf(query, actor), sort }
}

/** What the filters of an address ask of a live token. */
export function filterOf(
  { use, quiet, mark, api, ends, lasts, issued, found }: ListFilters,
  { userId }: Actor,
): TokenFilter {
  return {
    ...{
      mark,
      api,
      use: use && usedAs(use),
      paused: use === 'paused' ? true : undefined,
      waiting: use === 'waiting' ? { withinDays: collectWithinDays } : undefined,
    },
    ...{ quietForDays: quiet, endsWithinDays: ends && Number(ends), worksLongerThanDays: lasts },
    issuedBefore: issued === undefined ? undefined : new Date(`${issued}T00:00:00Z`),
    found: found === undefined ? undefined : { findId: found, userId },
  }
}

/** The same of an ended one. */
export function endedFilterOf({ reason, by, found }: ListFilters, { userId }: Actor): EndedFilter {
  return { reason, by, found: found === undefined ? undefined : { findId: found, userId } }
}

function usedAs(use: Use): TokenFilter['use'] {
  switch (use) {
    case 'in-use':
      return { withinDays: inUseWithinDays }
    case 'last-24-hours':
      return { withinDays: 1 }
    case 'not-used':
      return 'never'
    case 'waiting':
    case 'paused':
      return undefined
  }
}

/** One token of the actor's, or undefined: somebody else's token does not exist for it. */
export async function findToken(
  actor: Actor,
  tokenId: string,
  { db }: { db: Database },
): Promise<Token | undefined> {
  const [row] = await findTokens(db, actor, [tokenId])
  return row && describeToken(row)
}

const opposite = (direction: ListQuery['direction']) => (direction === 'asc' ? 'desc' : 'asc')
