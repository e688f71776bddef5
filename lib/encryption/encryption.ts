import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { env } from '../process/env.ts'
import { type Keyring, readKeyring } from '../process/keyring.ts'
import { ok, type Result, refuse } from '../result.ts'

/** `no-key`: `ENCRYPTION_KEYS` does not have it any more. `not-ours`: it was changed, or belongs elsewhere. */
export type DecryptRefusal = 'no-key' | 'not-ours'

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

/** @param context as it was given to {@link encrypt}. */
export function decrypt(keys: Keyring, sealed: string, context: string): Result<string, DecryptRefusal> {
  const [name, nonce = '', encrypted = ''] = sealed.split('.')
  const found = keys.find((key) => key.name === name)
  if (!found) return refuse('no-key')
  const bytes = Buffer.from(encrypted, 'base64url')
  try {
    const decipher = createDecipheriv(algorithm, found.key, Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
    return ok(decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8'))
  } catch {
    return refuse('not-ours')
  }
}
