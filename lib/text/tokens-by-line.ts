import { checksumOf, isWellFormed, tokenPrefix } from './token-form.ts'
import { decodedWordsIn, readingsOf } from './token-in-text.ts'

/** What stands in a text, and where: `line` is the first one that it stands on, from 1; `lines`: on how many. */
export type InText = { text: string; line: number; lines: number }

export type TokensByLine = {
  /** Texts of tokens whose checksum is right, each once, by their first line. Nobody is asked whether there is such a token. */
  tokens: InText[]
  /** How many other texts have the form of a token and a checksum that is wrong or not there: mistyped, cut, or in another letter case. */
  broken: number
}

/**
 * All tokens of a text, by prefix and checksum, in time that goes by its length. Also those that are broken over lines or by layout, or stand
 * there in percents, entities and escapes; on one line, in base64 and hexadecimal, as `holdsToken` knows them; and, in one piece, those that
 * lost up to four of their last characters: what is left of the checksum says that they are one.
 */
export function tokensByLine(text: string): TokensByLine {
  const found = new Map<string, Set<number>>()
  const note = (token: string, line: number) => {
    const on = found.get(token)
    if (on) on.add(line)
    else found.set(token, new Set([line]))
  }
  for (const reading of readingsOf(text)) {
    const lineOf = lineFinder(reading)
    for (const { bytes, at } of decodedWordsIn(reading))
      for (const { token } of tokensIn(joinedOf(bytes).bytes)) note(token, lineOf(at))
    const joined = joinedOf(asciiOf(reading))
    for (const { token, at } of tokensIn(joined.bytes)) note(token, joined.lineOf(at))
  }
  const broken = new Set<string>()
  const lineOf = lineFinder(text)
  for (const { 0: whole, 1: secret, 2: rest = '', index } of text.matchAll(inOnePiece)) {
    const body = `${tokenPrefix}${secret}`
    const checksum = checksumOf(body)
    if (rest === checksum) continue
    if (rest.length >= 2 && checksum.startsWith(rest)) note(body + checksum, lineOf(index))
    else broken.add(whole)
  }
  const tokens = [...found].map(([token, on]) => ({ text: token, line: Math.min(...on), lines: on.size }))
  return { tokens: tokens.sort((a, b) => a.line - b.line), broken: broken.size }
}

/** Its secret, and what is there of the checksum. */
const inOnePiece = /(?<![A-Za-z0-9_-])1\.0_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{0,6})(?![A-Za-z0-9_-])/g

const anyId = /(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])/gi

/** The ids of rows in a text, as the database spells them, by their first line. */
export function idsByLine(text: string): InText[] {
  const found = new Map<string, InText & { last: number }>()
  const lineOf = lineFinder(text)
  for (const { 0: match, index } of text.matchAll(anyId)) {
    const [id, line] = [match.toLowerCase(), lineOf(index)]
    const known = found.get(id)
    if (!known) found.set(id, { text: id, line, lines: 1, last: line })
    else if (known.last !== line) Object.assign(known, { lines: known.lines + 1, last: line })
  }
  return [...found.values()].map(({ last: _, ...id }) => id)
}

/** The line of a place, from 1; of places that are asked for in their order. Begins anew where one stands before the last one. */
function lineFinder(text: string): (at: number) => number {
  let [line, next, last] = [1, text.indexOf('\n'), 0]
  return (at) => {
    if (at < last) [line, next] = [1, text.indexOf('\n')]
    last = at
    for (; next !== -1 && next < at; line++) next = text.indexOf('\n', next + 1)
    return line
  }
}

const beginning = Buffer.from('10_')
const bodyLength = 49
/** The last character of a checksum has only two bits of it. */
const lastOfChecksum = new Set(Buffer.from('AQgw'))

/** @param joined as {@link joinedOf} makes it: the dot of the prefix is left out as well. */
function* tokensIn(joined: Buffer): Generator<{ token: string; at: number }> {
  let at = joined.indexOf(beginning)
  for (; at !== -1; at = joined.indexOf(beginning, at + 1)) {
    const end = at + beginning.length + bodyLength
    if (!lastOfChecksum.has(joined[end - 1] ?? 0)) continue
    const token = `${tokenPrefix}${joined.toString('latin1', at + beginning.length, end)}`
    if (isWellFormed(token)) yield { token, at }
  }
}

/** In a byte each: full-width letters and dashes as those of ASCII, all other characters as one that no token has. */
function asciiOf(text: string): Buffer {
  const isAscii = !/[^\0-\x7f]/.test(text)
  const ascii = isAscii
    ? text
    : text
        .normalize('NFKC')
        .replace(/\p{Pd}|\u2212/gu, '-')
        .replace(/[^\0-\x7f]+/g, ' ')
  return Buffer.from(ascii, 'latin1')
}

const lineFeed = 10
const isOfToken = new Uint8Array(256)
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'))
  isOfToken[byte] = 1

/** Without whatever no token holds, such as line breaks and marks of layout; `lineOf`: the line of a place, asked for in their order. */
function joinedOf(bytes: Buffer): { bytes: Buffer; lineOf: (at: number) => number } {
  const joined = Buffer.allocUnsafe(bytes.length)
  /** Where in `joined` a line begins that leaves something there, and its number. */
  const begins: number[] = []
  const numbers: number[] = []
  let [length, line, begun] = [0, 1, 0]
  for (let n = 0; n < bytes.length; n++) {
    const byte = bytes[n] as number
    if (byte === lineFeed) line++
    if (isOfToken[byte] === 0) continue
    if (begun !== line) {
      begins.push(length)
      numbers.push(line)
      begun = line
    }
    joined[length++] = byte
  }
  let n = 0
  return {
    bytes: joined.subarray(0, length),
    lineOf(at) {
      while ((begins[n + 1] ?? Number.POSITIVE_INFINITY) <= at) n++
      return numbers[n] ?? 1
    },
  }
}
