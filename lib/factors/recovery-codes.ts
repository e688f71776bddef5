import { createHash, randomBytes } from 'node:crypto'

export const recoveryCodeCount = 10
/** Without letters that are read as digits or as each other. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const codeLength = 16

/** Ten codes of 79 bits, in four groups. Only their hashes are kept. */
export function createRecoveryCodes(userId: string): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: recoveryCodeCount }, () =>
    [...randomBytes(codeLength)].map((byte) => alphabet[byte % alphabet.length]).join(''),
  )
  return {
    codes: codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code),
    hashes: codes.map((code) => hashOf(userId, code)),
  }
}

/** What is kept of a typed code, however it was grouped; null for what cannot be one. */
export function hashRecoveryCode(userId: string, typed: unknown): Buffer | null {
  if (typeof typed !== 'string' || typed.length > 100) return null
  const code = typed.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return code.length === codeLength ? hashOf(userId, code) : null
}

function hashOf(userId: string, code: string): Buffer {
  return createHash('sha256').update(`${userId}:${code}`).digest()
}
