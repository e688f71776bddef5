import { holdsToken } from '#lib/text/token-in-text.ts'

/** The parameter by which the next page says what became of it. */
export const refusedParameter = 'refused'

/** In characters; most addresses are not looked at any further. */
const shortestToken = 50

/**
 * Where to go instead of an address that has a token in its parameters, as after a search for one: the same page without
 * them. Null for every other address.
 */
export function addressWithoutTokens(target: string): string | null {
  const [path = '', ...rest] = target.split('?')
  const query = rest.join('?')
  if (query.length < shortestToken) return null
  const all = [...new URLSearchParams(query)]
  const kept = all.filter(([name, value]) => !holdsToken(name) && !holdsToken(value))
  if (kept.length === all.length && !holdsToken(query)) return null
  const others = kept.filter(([name]) => name !== refusedParameter)
  const left = new URLSearchParams([...others, [refusedParameter, 'token']]).toString()
  return `${path}?${holdsToken(left) ? `${refusedParameter}=token` : left}`
}
