import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto'

/** Signs answers of `/introspect`: ECDSA on P-256, ES256 of JOSE, which every library of the field verifies. */
export type AnswerKey = {
  /** Its name, `kid` of JOSE. */
  name: string
  key: KeyObject
  /** As a JWKS shows it, without what signs. */
  publicJwk: Record<string, string>
}

const namePattern = /^[A-Za-z0-9._-]{1,60}$/
const keyBytes = 32

/**
 * Reads `INTROSPECTION_KEYS`: `name:key`, comma-separated, each key 32 random bytes in base64. The first signs; all are shown, so that
 * answers of before a change are still verified. Throws what is wrong with it, without the key.
 */
export function readAnswerKeys(text: string): AnswerKey[] {
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [name = '', encoded = '', ...rest] = part.split(':')
      if (rest.length > 0 || !namePattern.test(name))
        throw new Error('a name of letters and digits, a colon, then the key')
      return answerKeyOf(name, Buffer.from(encoded, 'base64'))
    })
  if (new Set(keys.map(({ name }) => name)).size < keys.length)
    throw new Error('each key needs a name of its own')
  return keys
}

function answerKeyOf(name: string, secret: Buffer): AnswerKey {
  if (secret.length !== keyBytes) throw new Error('the key must be 32 bytes in base64')
  const curve = createECDH('prime256v1')
  try {
    curve.setPrivateKey(secret)
  } catch {
    // Fewer than one in four thousand million: nothing, and what is above the order of the curve.
    throw new Error('the key is none of the curve P-256, make another one')
  }
  const point = curve.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  const jwk = { kty: 'EC', crv: 'P-256', x: x as string, y: y as string }
  return {
    name,
    key: createPrivateKey({ key: { ...jwk, d: secret.toString('base64url') }, format: 'jwk' }),
    publicJwk: { ...jwk, kid: name, use: 'sig', alg: 'ES256' },
  }
}
