import { createHash, hash, randomBytes } from 'node:crypto'
import { ok, type Result, refuse } from '../../result.ts'
import { checksumOf, isWellFormed, tokenPrefix } from '../../text/token-form.ts'

const secretBytes = 32

/**
 * A new token's text, 53 characters: `1.0_`, 32 random bytes in base64url, and six characters of checksum
 * (CRC-32 of all before it, base64url), by which a scanner tells a token from noise without asking us.
 */
export function createTokenText(random: Buffer = randomBytes(secretBytes)): string {
  const body = tokenPrefix + random.toString('base64url')
  return body + checksumOf(body)
}

/**
 * What a caller presents as a token, at every address: without the white space around it, which files and forms add
 * (a line break at the end, a byte order mark at the beginning). Nothing else is cut, quotation marks neither.
 */
export function readPresentedToken(text: string | undefined): Result<string, 'missing' | 'malformed'> {
  const token = text?.trim()
  if (!token) return refuse('missing')
  return isWellFormed(token) ? ok(token) : refuse('malformed')
}

/** What the database keeps of a token: SHA-256, 32 bytes. The secret's 256 bits make salt and stretching needless. */
export function hashTokenText(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The same in hexadecimal. */
export function hexHashOf(text: string): string {
  return hash('sha256', text, 'hex')
}

/** Four characters by which people recognise a token in lists. */
export function lastCharactersOf(text: string): string {
  return text.slice(-4)
}

/** A word so long is in no name of a program; a token, its secret half, and both in base64 or percents are longer. */
const secretWordLength = 40

/** What a caller wrote, to be kept: without words that may be a token, or any other secret of that length. */
export function withoutSecrets(text: string): string {
  if (text.length < secretWordLength) return text
  return text.replace(/[\w.~+/=%-]+/g, (word) => (word.length < secretWordLength ? word : '…'))
}
