import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { env } from './env.ts'
import { type Keyring, readKeyring } from './keyring.ts'

/** What was encrypted cannot be read: its key is no longer there, or it was changed, or it belongs elsewhere. */
export class DecryptionError extends Error {}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12

let keyring: Keyring | undefined

/** The process's keys. Without `ENCRYPTION_KEYS` neither the web server nor the worker starts. */
export function getKeyring(): Keyring {
  keyring ??= readKeyring(env().ENCRYPTION_KEYS ?? '')
  return keyring
}

/** @param context what it belongs to, such as the id of its row: elsewhere it cannot be decrypted. */
export function encrypt(keys: Keyring, text: string, context: string): string {
  const [first] = keys
  if (!first) throw new Error('there is no key to encrypt with')
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(Buffer.from(context))
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [first.name, nonce.toString('base64url'), encrypted.toString('base64url')].join('.')
}

/** Throws {@link DecryptionError}. */
export function decrypt(keys: Keyring, sealed: string, context: string): string {
  const [name, nonce = '', encrypted = ''] = sealed.split('.')
  const found = keys.find((key) => key.name === name)
  if (!found) throw new DecryptionError(`ENCRYPTION_KEYS has no key ${name}`)
  const bytes = Buffer.from(encrypted, 'base64url')
  try {
    const decipher = createDecipheriv(algorithm, found.key, Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
    return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
  } catch (error) {
    throw new DecryptionError('what was encrypted was changed, or belongs elsewhere', { cause: error })
  }
}

/** Encrypted with another key than the first one, which may be taken away once nothing is. */
export function isUnderOldKey(keys: Keyring, sealed: string): boolean {
  return !sealed.startsWith(`${keys[0]?.name}.`)
}
