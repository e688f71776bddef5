import { credentialPrefix, isCredentialForm } from './credential-form.ts'
import { isWellFormed, tokenPrefix } from './token-form.ts'

/**
 * Secret and checksum, wherever they may begin; two of them can overlap. The prefix is the same for all: where it was left out or
 * mistyped, the token is there all the same. The last character of a checksum has only two bits of it.
 */
const possibleBody = /(?=([A-Za-z0-9_-]{48}[AQgw]))/g
/**
 * A token in other letter case, with a character mistyped, or without its last ones. No call with it is accepted. But its checksum tells
 * which tokens it may have been, a few hundred of the 2^35 that differ in case, and those can be tried; and of its secret alone everybody
 * makes the checksum.
 */
const nearlyToken = /(?<![A-Za-z0-9_-])1\.0_[A-Za-z0-9_-]{43,49}(?![A-Za-z0-9_-])/
/** The same of a service credential, whose prefix is letters as well. */
const nearlyCredential = /(?<![A-Za-z0-9_-])ptsc_[A-Za-z0-9_-]{43,49}(?![A-Za-z0-9_-])/i
const noPartOfOne = /[^A-Za-z0-9_-]+/g
/**
 * What a token makes in base64, as in the header of a program's sign-in, and in hexadecimal. Looked for where a word begins alone: else the
 * characters of a shorter word would be read over and over.
 */
const base64Word = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{71,}/g
const hexWord = /(?<![0-9a-f])[0-9a-f]{106,}/gi
const maxDecodings = 5

/**
 * Whether a token or a service credential stands in a text, by prefix and checksum; nobody is asked whether it is live. Also one that is broken
 * over lines or by marks of quotation and layout, has unseen characters in it, or stands there in percents, in entities of
 * HTML, escapes of JSON, base64, hexadecimal or full-width letters. In one piece also one that is nearly right, or was cut at an end.
 */
export function holdsToken(text: string): boolean {
  return readingsOf(text).some((reading) => {
    const plain = reading.normalize('NFKC')
    const joined = plain.replace(/\p{Pd}|\u2212/gu, '-').replace(noPartOfOne, '')
    const words = [...encodedWordsIn(reading), ...encodedWordsIn(joined)]
    const plainTexts = new Set([reading, plain, ...words])
    return (
      [...plainTexts].some((text) => nearlyToken.test(text) || nearlyCredential.test(text)) ||
      [...plainTexts.add(joined)].some(holdsBody)
    )
  })
}

function holdsBody(text: string): boolean {
  for (const [, body] of text.matchAll(possibleBody))
    if (isWellFormed(`${tokenPrefix}${body}`) || isCredentialForm(`${credentialPrefix}${body}`)) return true
  return false
}

/** The text as it is, as programs may decode it, and without the numbers of its lines; with as many lines each. */
export function readingsOf(text: string): string[] {
  const readings = [text]
  let read = text
  for (let n = 0; n < maxDecodings; n++) {
    const decoded = decodeOnce(read)
    if (decoded === read) break
    readings.push(decoded)
    read = decoded
  }
  const unnumbered = read.replace(lineNumber, '')
  return unnumbered === read ? readings : [...readings, unnumbered]
}

/** `1. `, `12: ` and what tools put before each line. */
const lineNumber = /^[ \t]*\d{1,6}[.:)|\]]?[ \t]+/gm

const namedEntities: Record<string, string> = {
  period: '.',
  lowbar: '_',
  UnderBar: '_',
  hyphen: '-',
  dash: '-',
  amp: '&',
}

/** Nobody sees these. */
const unseenEntities = /&(?:shy|zwn?j|[lr]rm|nbsp|NonBreakingSpace|ZeroWidthSpace|NoBreak);/g
/** Of the markup in which a text may stand: `<wbr>`, `</b>`. */
const tag = /<\/?[a-z][^<>\n]{0,200}>/gi
/** Of characters that are not in a token, two bytes or more. */
const otherPercents = /(?:%[89a-f][0-9a-f]){2,}/gi
const otherQuotedPrintable = /(?:=[89A-F][0-9A-F]){2,}/g

/** Percents, entities and tags of HTML, escapes of JSON, of programs and of quoted-printable. */
function decodeOnce(text: string): string {
  return text
    .replace(/%([0-7][0-9a-f])/gi, (_, hex) => fromCode(hex, 16))
    .replace(otherPercents, ' ')
    .replace(/&#(?:x0{0,5}([0-9a-f]{1,6})|0{0,5}(\d{1,7}));/gi, (_, hex, decimal) =>
      hex === undefined ? fromCode(decimal, 10) : fromCode(hex, 16),
    )
    .replace(/&#x0{0,5}([0-7]?[0-9a-f]);?/gi, (_, hex) => fromCode(hex, 16))
    .replace(/&#0{0,5}(\d{1,3});?/g, (_, decimal) => fromCode(decimal, 10))
    .replace(/&(period|lowbar|UnderBar|hyphen|dash|amp);/g, (entity, name) => namedEntities[name] ?? entity)
    .replace(unseenEntities, ' ')
    .replace(tag, ' ')
    .replace(/\\(?:u\{0{0,5}([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/gi, (_, ...codes) =>
      fromCode(codes.slice(0, 3).join(''), 16),
    )
    .replace(/\\([01][0-7]{2})/g, (_, octal) => fromCode(octal, 8))
    .replace(/=([2-7][0-9A-F])/g, (_, hex) => fromCode(hex, 16))
    .replace(otherQuotedPrintable, ' ')
}

/** A line break is no part of a token: without it all readings of a text have its lines. */
function fromCode(digits: string, base: number): string {
  const code = Number.parseInt(digits, base)
  return code === lineFeed || code > 0x10ffff ? ' ' : String.fromCodePoint(code)
}
const lineFeed = 10

function encodedWordsIn(text: string): string[] {
  // In two bytes a character, every other one is 0.
  return [...decodedWordsIn(text)].map(({ bytes }) => bytes.toString('latin1').replaceAll('\0', ''))
}

/** What stands in a text in base64 or hexadecimal, decoded from each of the places where a group of characters may begin. */
export function* decodedWordsIn(text: string): Generator<{ bytes: Buffer; at: number }> {
  for (const { 0: word, index: at } of text.matchAll(base64Word))
    for (const start of [0, 1, 2, 3]) yield { bytes: Buffer.from(word.slice(start), 'base64'), at }
  for (const { 0: word, index: at } of text.matchAll(hexWord))
    for (const start of [0, 1]) yield { bytes: Buffer.from(word.slice(start), 'hex'), at }
}
