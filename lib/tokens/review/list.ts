import { listEndedTokens, listLiveTokens } from '#db/queries/tokens/token-lists.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../../access/actor.ts'
import { readPage } from '../../http/paging.ts'
import type { Database } from '../../process/database.ts'
import { expiringWithinDays } from '../limits.ts'
import { intoChains } from '../model/chains.ts'
import { describeToken, type Token } from '../model/token.ts'
import { cursorOf, type ListQuery, placeOf, positionOf } from './list-query.ts'
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
  const place = placeOf(query)
  const direction = place?.way === 'before' ? opposite(query.direction) : query.direction
  const page = await readPage({ size: tokensPerPage, way: place?.way }, async (limit) => {
    const asked = { search: query.search, direction, after: place?.keys, limit }
    const rows =
      query.show === 'ended'
        ? await listEndedTokens(db, actor, asked)
        : await listLiveTokens(db, actor, {
            ...asked,
            show: query.show,
            expiringWithinDays,
            mark: query.mark,
            sort: query.sort === 'ended' ? 'expires' : query.sort,
          })
    return rows.map(describeToken)
  })
  const ids = page.rows.map(({ id }) => id)
  const cursorFrom = (token: Token | null) => token && cursorOf(positionOf(token, query, actor.side))
  return {
    // By name those of one store and partner stand together: the page holds the same rows, each chain in its order.
    tokens: query.sort === 'name' ? intoChains(page.rows) : page.rows,
    usage: await usageDays(actor, ids, { db }),
    previous: cursorFrom(page.previous),
    next: cursorFrom(page.next),
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
