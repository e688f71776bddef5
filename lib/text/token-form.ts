import { crc32 } from 'node:zlib'

/** Clients in the field insist on it (docs/domain.md, Tokens). */
export const tokenPrefix = '1.0_'
const secretLength = 43
export const checksumLength = 6
const shape = new RegExp(`^1\\.0_[A-Za-z0-9_-]{${secretLength + checksumLength}}$`)

const checksumBytes = Buffer.alloc(4)

/** Six characters of base64url: CRC-32 of prefix and secret. */
export function checksumOf(body: string): string {
  checksumBytes.writeUInt32BE(crc32(body))
  return checksumBytes.toString('base64url')
}

/** True where prefix, length, alphabet and checksum are right: the token may exist. */
export function isWellFormed(text: string): boolean {
  if (!shape.test(text)) return false
  const body = text.slice(0, -checksumLength)
  return text.slice(-checksumLength) === checksumOf(body)
}
