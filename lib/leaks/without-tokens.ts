import { oneLine } from '../text/one-line.ts'
import { holdsToken } from '../text/token-in-text.ts'

const left = '…'
/** More of it is not looked through. */
const longestRead = 10_000
/** What nobody sees, and what turns the direction of text. */
const unseen = /[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu
/** Marks that cover the lines above and below. */
const stackedMarks = /(\p{M}{3})\p{M}+/gu

/**
 * The address at which something was found, for people to read: a web address without a name and a password, and without each part that
 * holds a token. Null: it is none.
 */
export function addressWithoutTokens(typed: string, maxLength: number): string | null {
  if (typed.length > longestRead) return null
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : null
  if (!url || !/^https?:$/.test(url.protocol) || holdsToken(url.host)) return null
  const path = url.pathname.split('/').map(clean).join('/')
  const query = [...url.searchParams].filter(([name, value]) => !holdsToken(name) && !holdsToken(value))
  const search = query.length === 0 ? '' : `?${new URLSearchParams(query)}`
  const hash = clean(url.hash)
  const cleaned = `${url.protocol}//${url.host}${path}${search}${hash}`
  // What stands in several parts of it.
  const whole = holdsToken(cleaned) ? `${url.origin}/${left}` : cleaned
  return whole.length > maxLength ? `${whole.slice(0, maxLength - 1)}${left}` : whole
}

const clean = (part: string) => (holdsToken(part) ? left : part)

/** What a stranger wrote, in one line, without each word that holds a token. Null: nothing is left. */
export function wordsWithoutTokens(typed: string, maxLength: number): string | null {
  const words = typed.slice(0, longestRead).split(/\s+/).map(clean).join(' ')
  if (holdsToken(words)) return null
  const plain = words.toWellFormed().normalize('NFC').replace(unseen, '').replace(stackedMarks, '$1')
  return oneLine(plain, maxLength) || null
}
