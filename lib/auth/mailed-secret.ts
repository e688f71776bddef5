import { createHash, randomBytes } from 'node:crypto'

const secretBytes = 32
const shape = /^[A-Za-z0-9_-]{43}$/

/** The secret of an address that is mailed: 32 random bytes in base64url. Only its hash is kept. */
export function createMailedSecret(): { secret: string; hash: Buffer } {
  const secret = randomBytes(secretBytes).toString('base64url')
  return { secret, hash: sha256(secret) }
}

/** What the database keeps of a secret: SHA-256, 32 bytes; null for what cannot be one. */
export function hashMailedSecret(secret: unknown): Buffer | null {
  return typeof secret === 'string' && shape.test(secret) ? sha256(secret) : null
}

function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
