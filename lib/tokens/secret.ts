import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Clients in the field insist on it (domain.md, Tokens). */
const prefix = '1.0_'
const secretBytes = 32
const secretLength = 43
const checksumLength = 6
const shape = new RegExp(`^1\\.0_[A-Za-z0-9_-]{${secretLength + checksumLength}}$`)

/**
 * A new token's text, 53 characters: `1.0_`, 32 random bytes in base64url, and six characters of checksum
 * (CRC-32 of all before it, base64url), by which a scanner tells a token from noise without asking us.
 */
export function createTokenText(random: Buffer = randomBytes(secretBytes)): string {
  const body = prefix + random.toString('base64url')
  return body + checksumOf(body)
}

/** True where prefix, length, alphabet and checksum are right: the token may exist. */
export function isWellFormed(text: string): boolean {
  if (!shape.test(text)) return false
  const body = text.slice(0, -checksumLength)
  return text.slice(-checksumLength) === checksumOf(body)
}

/** What the database keeps of a token: SHA-256, 32 bytes. The secret's 256 bits make salt and stretching needless. */
export function hashTokenText(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Four characters by which people recognise a token in lists. */
export function lastCharactersOf(text: string): string {
  return text.slice(-4)
}

function checksumOf(body: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64url')
}
