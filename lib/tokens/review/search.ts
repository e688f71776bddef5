import type { TokenSearch } from '#db/queries/tokens/token-search.ts'
import { addressIn } from '../../http/client-address.ts'
import { rowIdSchema } from '../../text/row-id.ts'
import { isWellFormed } from '../../text/token-form.ts'
import { hashTokenText } from '../model/secret.ts'

/** What stands in an address instead of a whole token that somebody searched for: its SHA-256, by which nobody can call. */
const pasted = /^sha256:([A-Za-z0-9_-]{43})$/
/** `pkQQ`, `…pkQQ` and `...pkQQ`: the last characters as pages and mails have them. */
const lastCharacters = /^(…|\.{2,3})?([A-Za-z0-9_-]{4})$/

export type SearchKind = 'party' | 'party-or-last-characters' | 'last-characters' | 'token' | 'id' | 'address'

/** What a text is looked for in. A name of four letters may be the last characters of a token as well. */
export function readSearch(text: string): TokenSearch & { kind: SearchKind } {
  const [, hash] = pasted.exec(text) ?? []
  if (hash) {
    return { kind: 'token', ofParty: null, ofToken: { by: 'hash', hash: Buffer.from(hash, 'base64url') } }
  }
  const id = rowIdSchema.safeParse(text).data
  if (id) return { kind: 'id', ofParty: null, ofToken: { by: 'id', id } }
  const address = addressIn(text)
  if (address) return { kind: 'address', ofParty: null, ofToken: { by: 'address', address } }
  const [, dots, last] = lastCharacters.exec(text) ?? []
  if (!last) return { kind: 'party', ofParty: text, ofToken: null }
  const ofToken = { by: 'last-characters', text: last } as const
  return dots
    ? { kind: 'last-characters', ofParty: null, ofToken }
    : { kind: 'party-or-last-characters', ofParty: text, ofToken }
}

/** What to search for instead of a whole token; null where the text is not one. */
export function searchInsteadOf(text: string): string | null {
  const token = text.trim()
  return isWellFormed(token) ? `sha256:${hashTokenText(token).toString('base64url')}` : null
}
