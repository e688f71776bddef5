import { createHash, createSecretKey } from 'node:crypto'
import { SignJWT } from 'jose'

type SignedCall = {
  requestId: string
  storeId: string
  partnerId: string
  tokenId: string
  method: string
  /** As the engine is asked for it, without the query. */
  path: string
  body: Buffer
}

type SignCall = (call: SignedCall) => Promise<string>

const lifetimeSeconds = 60

/**
 * Makes the `X-Call-Signature` by which an engine knows that a call has come through the gateway, and is the one
 * that did: a JWT (RFC 7519, HS256) that is good for a minute.
 * @param secret shared with the engine, 32 characters or more
 * @param audience the engine's origin
 */
export function createCallSigner({ secret, audience }: { secret: string; audience: string }): SignCall {
  const key = createSecretKey(secret, 'utf8')
  return ({ requestId, storeId, partnerId, tokenId, method, path, body }) =>
    new SignJWT({
      store_id: storeId,
      token_id: tokenId,
      htm: method,
      htu: path,
      body_sha256: createHash('sha256').update(body).digest('base64url'),
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('partner-tokens')
      .setAudience(audience)
      .setSubject(partnerId)
      .setJti(requestId)
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(key)
}
