import { holdsToken } from '#lib/text/token-in-text.ts'
import { searchInsteadOf } from '#lib/tokens/review/search.ts'

/** The parameter by which the next page says what became of it. */
export const refusedParameter = 'refused'

/** In characters; most addresses are not looked at any further. */
const shortestToken = 50

/** The lists of tokens, where a token may be searched for. */
const listOfTokens =
  /^\/(stores\/[^/]+\/real-time-links\/api-settings|partners\/[^/]+\/tokens|api\/v1\/tokens)$/

/**
 * Where to go instead of an address that has a token in its parameters, as after a search for one: the same page without
 * them. A list of tokens is searched for the token's hash instead. Null for every other address.
 */
export function addressWithoutTokens(target: string): string | null {
  const [path = '', ...rest] = target.split('?')
  const query = rest.join('?')
  if (query.length < shortestToken) return null
  const all = [...new URLSearchParams(query)]
  const kept = all.filter(([name, value]) => !holdsToken(name) && !holdsToken(value))
  if (kept.length === all.length && !holdsToken(query)) return null
  const others = kept.filter(([name]) => name !== refusedParameter)
  const searched = all.find(([name]) => name === 'search')?.[1] ?? ''
  const instead = listOfTokens.test(path) ? searchInsteadOf(searched) : null
  const added = [...(instead === null ? [] : [['search', instead]]), [refusedParameter, 'token']]
  const left = new URLSearchParams([...others, ...added]).toString()
  return `${path}?${holdsToken(left) ? `${refusedParameter}=token` : left}`
}
