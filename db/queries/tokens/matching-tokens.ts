import { and, or, type SQL, sql } from 'drizzle-orm'
import { partnerAccess } from '../../schema/partner-access.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { endsWithin, filteredInWalk, isOneOfPaused, type TokenFilter } from './token-filters.ts'
import { isToken, partyMatches, type TokenSearch } from './token-search.ts'
import { stillLive, walkedTokens } from './walked-tokens.ts'

/** What a list of live tokens shows, whatever its order and its page. */
export type LiveMatch = {
  show: 'active' | 'expiring'
  expiringWithinDays: number
  filter: TokenFilter
  search?: TokenSearch | undefined
}

/** The ids of all live tokens that the list shows on its pages, in no order. @param more that they have to fulfil as well. */
export function matchingLiveIds(scope: Party, match: LiveMatch, ...more: SQL[]): SQL {
  const { show, expiringWithinDays: days, search } = match
  const { paused, ...filter } = match.filter
  const { byRow, byFacts } = filteredInWalk(filter)
  const where = and(
    show === 'expiring' ? endsWithin(days) : undefined,
    search && matchesSearch(scope, search),
    paused ? isOneOfPaused(scope) : undefined,
    ...byRow,
    ...more,
    stillLive(scope),
    ...byFacts,
  )
  return sql`select ${tokens.id} as id from ${walkedTokens} where ${where}`
}

/** Of a row `tokens`. The names are looked through once, not once a token. */
export function matchesSearch(scope: Party, search: TokenSearch): SQL {
  const itself = isToken(scope, search)
  const oneByOne =
    itself &&
    sql`${tokens.id} in (select ${tokens.id} from ${tokens} where ${and(inScope(scope, tokens), itself)})`
  const ofParty =
    search.ofParty === null
      ? undefined
      : sql`(${tokens.storeId}, ${tokens.partnerId}) in (
          select ${partnerAccess.storeId}, ${partnerAccess.partnerId} from ${partnerAccess}
          where ${and(inScope(scope, partnerAccess), partyMatches(scope, search.ofParty))})`
  return or(oneByOne ?? undefined, ofParty) ?? sql`false`
}
