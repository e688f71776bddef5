import { listEndedTokens, listLiveTokens } from '#db/queries/tokens/token-lists.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { intoLines } from '../model/lines.ts'
import { expiringWithinDays } from '../model/status.ts'
import { describeToken, type Token } from '../model/token.ts'
import { type ListQuery, positionOf, readCursor, writeCursor } from './list-query.ts'
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
  const cursor = readCursor(query)
  const backwards = cursor?.way === 'before'
  const page = {
    search: query.search,
    direction: backwards ? opposite(query.direction) : query.direction,
    after: cursor?.position,
    limit: tokensPerPage + 1,
  }
  const rows =
    query.show === 'ended'
      ? await listEndedTokens(db, actor, page)
      : await listLiveTokens(db, actor, {
          ...page,
          show: query.show,
          expiringWithinDays,
          mark: query.mark,
          sort: query.sort === 'ended' ? 'expires' : query.sort,
        })
  const hasMore = rows.length > tokensPerPage
  const shown = rows.slice(0, tokensPerPage).map(describeToken)
  if (backwards) shown.reverse()
  const ids = shown.map(({ id }) => id)
  const usage = await usageDays(actor, ids, { db })
  const first = shown.at(0)
  const last = shown.at(-1)
  const hasPrevious = backwards ? hasMore : cursor !== undefined
  const hasNext = backwards ? true : hasMore
  return {
    // By name those of one store and partner stand together: the page holds the same rows, each line in its order.
    tokens: query.sort === 'name' ? intoLines(shown) : shown,
    usage,
    previous: first && hasPrevious ? writeCursor(positionOf(first, query, actor.side)) : null,
    next: last && hasNext ? writeCursor(positionOf(last, query, actor.side)) : null,
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
