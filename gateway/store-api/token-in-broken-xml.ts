import { isWellFormed } from '#lib/text/token-form.ts'

/** White space in one place at a time: twice in a row it is divided in every way, and a body of it takes half a minute. */
const tokenElement =
  /<(?:[\w.-]{1,50}:)?PartnerStoreContractToken(?:\s[^<>]{0,200})?>\s*(?:<!\[CDATA\[\s*)?([\w.-]{1,200})(?=[\s<\]])/g

/**
 * The one token that stands in a body which nobody can read as XML; `undefined` where there is none, or several. By it the
 * caller may learn what is wrong with their request, and nothing else: it is never let in.
 */
export function tokenInBrokenXml(body: Buffer): string | undefined {
  // Without the NULs of UTF-16, which is among the encodings that are not taken.
  const text = body.toString('latin1').replaceAll('\0', '')
  const found = new Set(Array.from(text.matchAll(tokenElement), ([, token = '']) => token))
  const [token] = found
  return found.size === 1 && token !== undefined && isWellFormed(token) ? token : undefined
}
