import type { TokenSearch } from '#db/queries/tokens/token-search.ts'
import { typedToFind } from '../text/search-text.ts'
import { holdsToken } from '../text/token-in-text.ts'
import { idsByLine, tokensByLine } from '../text/tokens-by-line.ts'
import { hexHashOf, withoutSecrets } from '../tokens/model/secret.ts'
import { readSearch } from '../tokens/review/search.ts'
import { maxShortLineLength, maxShortLines } from './limits.ts'

/** On which line of a text something stands first, from 1, and on how many. */
type Placed<T> = { is: T; line: number; lines: number }

/** What a text is looked through for. The texts of the tokens in it go no further than this. */
export type LookedFor = {
  /** SHA-256 of each text of a token, in hexadecimal. */
  hashes: Placed<string>[]
  ids: Placed<string>[]
  /** Of a short text without tokens: what its lines are as searches in the list. */
  searches: Placed<TokenSearch>[]
  /** Texts with the form of a token whose checksum is wrong. */
  brokenTexts: number
  textLines: number
}

/** Reads a text in time that goes by its length. */
export function lookedForIn(text: string): LookedFor {
  const { tokens, broken } = tokensByLine(text)
  return {
    hashes: tokens.map(({ text, ...placed }) => ({ is: hexHashOf(text), ...placed })),
    ids: idsByLine(text).map(({ text, ...placed }) => ({ is: text, ...placed })),
    searches: searchesIn(text),
    brokenTexts: broken,
    textLines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
  }
}

/** None where the text is long, and where a part of a token may stand in it: what is searched for goes to the database as it is. */
function searchesIn(text: string): LookedFor['searches'] {
  if (text.length > 2 * maxShortLines * maxShortLineLength) return []
  const lines = text.split('\n').flatMap((line, n) => {
    const typed = typedToFind(line)
    return typed === '' ? [] : [{ typed, isWhole: line.trim().length <= maxShortLineLength, number: n + 1 }]
  })
  if (lines.length > maxShortLines || !lines.every(({ isWhole }) => isWhole) || holdsToken(text)) return []
  return lines
    .filter(({ typed }) => withoutSecrets(typed) === typed && idsByLine(typed).length === 0)
    .map(({ typed, number }) => ({ is: readSearch(typed), line: number, lines: 1 }))
}
