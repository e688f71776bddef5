import { and, gt, lte, or, type SQL, sql } from 'drizzle-orm'
import { partnerAccess } from '../../schema/partner-access.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { filtered, type TokenFilter } from './token-filters.ts'
import { isToken, partyMatches, type TokenSearch } from './token-search.ts'
import { live } from './tokens.ts'

/** What a list of live tokens shows, whatever its order and its page. */
export type LiveMatch = {
  show: 'active' | 'expiring'
  expiringWithinDays: number
  filter: TokenFilter
  search?: TokenSearch | undefined
}

/** The ids of all live tokens that the list shows on its pages, in no order. @param more that they have to fulfil as well. */
export function matchingLiveIds(scope: Party, match: LiveMatch, ...more: SQL[]): SQL {
  const { show, expiringWithinDays: days, filter, search } = match
  const where = and(
    inScope(scope, tokens),
    gt(tokens.expiresAt, sql`now()`),
    show === 'expiring' ? lte(tokens.expiresAt, sql`now() + make_interval(days => ${days})`) : undefined,
    search && found(scope, search),
    ...filtered(filter),
    ...more,
    live,
  )
  return sql`select ${tokens.id} as id from ${tokens} where ${where}`
}

/** The names are looked through once, not once a token. */
function found(scope: Party, search: TokenSearch): SQL {
  const oneByOne = isToken(scope, search)
  const ofParty =
    search.ofParty === null
      ? undefined
      : sql`(${tokens.storeId}, ${tokens.partnerId}) in (
          select ${partnerAccess.storeId}, ${partnerAccess.partnerId} from ${partnerAccess}
          where ${and(inScope(scope, partnerAccess), partyMatches(scope, search.ofParty))})`
  return or(oneByOne ?? undefined, ofParty) ?? sql`false`
}
