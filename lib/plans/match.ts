import type { LiveMatch } from '#db/queries/tokens/matching-tokens.ts'
import type { Actor } from '../access/actor.ts'
import { liveListOf } from '../tokens/review/list.ts'
import type { ListQuery } from '../tokens/review/list-query.ts'
import { readSearch } from '../tokens/review/search.ts'

/** Which live tokens a list shows on all its pages; null of a list of tokens that have ended. */
export function matchOf(query: ListQuery, actor: Actor): LiveMatch | null {
  if (query.show === 'ended') return null
  const { show, expiringWithinDays, filter } = liveListOf(query, query.show, actor)
  return { show, expiringWithinDays, filter, search: query.search ? readSearch(query.search) : undefined }
}
