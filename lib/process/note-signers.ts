import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'

/** A key that signs checkpoints: Ed25519, as C2SP's signed notes have it (c2sp.org/signed-note, signature type 0x01). */
export type NoteSigner = {
  /** Also the origin of the log. */
  name: string
  /** Four bytes, in hexadecimal. */
  keyId: string
  /** What whoever verifies has to know: `name+id+key`, as verifiers of the field take it. */
  verifierKey: string
  sign(text: string): Buffer
}

const ed25519 = 1
/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
/** The name of a key is an address without a scheme; it may hold neither spaces nor a plus sign. */
const namePattern = /^[a-z0-9][a-z0-9.-]{0,99}(?:\/[A-Za-z0-9._-]{1,60}){0,5}$/

/** @param seed 32 bytes. */
export function signerOf(name: string, seed: Buffer): NoteSigner {
  if (!namePattern.test(name))
    throw new Error('the name must be like an address without https://, such as tokens.example.com/log')
  if (seed.length !== 32) throw new Error('the key must be 32 bytes in base64')
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = Buffer.concat([Buffer.from([ed25519]), rawPublicKey(key)])
  const keyId = createHash('sha256').update(`${name}\n`).update(publicKey).digest('hex').slice(0, 8)
  return {
    ...{ name, keyId },
    verifierKey: `${name}+${keyId}+${publicKey.toString('base64')}`,
    sign: (text) => sign(null, Buffer.from(text), key),
  }
}

function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
}

/**
 * Reads `RECEIPT_KEYS`: `name:key`, comma-separated, each key 32 bytes in base64, all of one name. All of them sign. Throws what is wrong
 * with it, without the key.
 */
export function readSigners(text: string): NoteSigner[] {
  const signers = text.split(',').map((part) => {
    const [name = '', encoded = '', ...rest] = part.trim().split(':')
    if (rest.length > 0) throw new Error('a name, a colon, then the key')
    return signerOf(name, Buffer.from(encoded, 'base64'))
  })
  const [first] = signers
  if (signers.some(({ name }) => name !== first?.name)) throw new Error('all keys must have the same name')
  if (new Set(signers.map(({ keyId }) => keyId)).size < signers.length)
    throw new Error('a key stands there twice')
  return signers
}
