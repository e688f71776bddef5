import { isWellFormed } from './secret.ts'

/** Every place where one may begin; two of them can overlap. */
const possibleToken = /(?=(1\.0_[A-Za-z0-9_-]{49}))/g
/** What a token makes in base64, as in the header of a program's sign-in. */
const base64Word = /[A-Za-z0-9+/_-]{71,}/g
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}]+/gu
const maxDecodings = 3

/**
 * Whether a token stands in a text, by prefix and checksum; nobody is asked whether it is live. Also one that is broken
 * over lines, has unseen characters in it, or stands there in percents, in base64 or in full-width letters.
 */
export function holdsToken(text: string): boolean {
  return readingsOf(text).some(
    (reading) => holdsPlainToken(reading) || base64WordsIn(reading).some(holdsPlainToken),
  )
}

function holdsPlainToken(text: string): boolean {
  return [...text.matchAll(possibleToken)].some(([, candidate = '']) => isWellFormed(candidate))
}

/** The text as it is and as people and programs may read it. */
function readingsOf(text: string): string[] {
  const readings = [text, text.normalize('NFKC').replace(unseen, '')]
  let decoded = text
  for (let n = 0; n < maxDecodings && decoded.includes('%'); n++) {
    decoded = decoded.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)
    readings.push(decoded)
  }
  return readings
}

/** Decoded from each of the places where a group of four characters may begin. */
function base64WordsIn(text: string): string[] {
  return (text.match(base64Word) ?? []).flatMap((word) =>
    [0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), 'base64').toString('latin1')),
  )
}
