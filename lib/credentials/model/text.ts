import { randomBytes } from 'node:crypto'
import { ok, type Result, refuse } from '../../result.ts'
import { credentialPrefix, isCredentialForm } from '../../text/credential-form.ts'
import { checksumOf, isWellFormed } from '../../text/token-form.ts'
import { hashTokenText, lastCharactersOf } from '../../tokens/model/secret.ts'

const secretBytes = 32

export type MintedCredential = { text: string; hash: Buffer; lastCharacters: string }

/**
 * A new service credential, to be shown once, with what the database keeps of it. Its text has 54 characters: `ptsc_`, 32 random bytes in
 * base64url, and six characters of checksum of all before it.
 */
export function mintCredential(random: Buffer = randomBytes(secretBytes)): MintedCredential {
  const body = credentialPrefix + random.toString('base64url')
  const text = body + checksumOf(body)
  return { text, hash: hashTokenText(text), lastCharacters: lastCharactersOf(text) }
}

/** `token`: it is a partner access token, which calls stores and nothing here. By its form alone. */
export function readCredential(text: string): Result<{ hash: Buffer }, 'malformed' | 'token'> {
  if (isCredentialForm(text)) return ok({ hash: hashTokenText(text) })
  return refuse(isWellFormed(text) ? 'token' : 'malformed')
}
