import { checksumLength, checksumOf } from './token-form.ts'

/** Of its own kind: a scanner tells a service credential from a partner access token, and neither is ever taken for the other. */
export const credentialPrefix = 'ptsc_'
const shape = /^ptsc_[A-Za-z0-9_-]{49}$/

/** True where prefix, length, alphabet and checksum are right: the service credential may exist. */
export function isCredentialForm(text: string): boolean {
  if (!shape.test(text)) return false
  return text.slice(-checksumLength) === checksumOf(text.slice(0, -checksumLength))
}
