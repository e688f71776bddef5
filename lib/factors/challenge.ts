import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Queryable } from '#db/client.ts'
import { insertUsedChallenge } from '#db/queries/people/factors.ts'

const lifetimeMs = 10 * 60_000
const randomLength = 16
const timeLength = 8

/** What a challenge is for, and whose it is: a session's, a first step's or a browser's. */
export type Purpose =
  | { to: 'add-passkey' | 'prove'; sessionId: string }
  | { to: 'second-step'; firstStep: string }
  | { to: 'sign-in'; csrfToken: string }

type Bound = { purpose: Purpose; secret: string; now: Date }

/** Made without a row, so that showing a page changes nothing: random bytes, when it expires, and our signature. */
export function createChallenge({ purpose, secret, now }: Bound): Uint8Array<ArrayBuffer> {
  const time = Buffer.alloc(timeLength)
  time.writeBigUInt64BE(BigInt(now.getTime() + lifetimeMs))
  const body = Buffer.concat([randomBytes(randomLength), time])
  return new Uint8Array(Buffer.concat([body, sign(body, purpose, secret)]))
}

/** Takes a challenge that was answered: true once, for this purpose, within ten minutes. @param challenge base64url. */
export async function takeChallenge(
  tx: Queryable,
  challenge: string,
  { purpose, secret, now }: Bound,
): Promise<boolean> {
  const bytes = Buffer.from(challenge, 'base64url')
  const body = bytes.subarray(0, randomLength + timeLength)
  const signature = bytes.subarray(randomLength + timeLength)
  const expected = sign(body, purpose, secret)
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return false
  const expiresAt = new Date(Number(body.readBigUInt64BE(randomLength)))
  if (expiresAt <= now) return false
  return insertUsedChallenge(tx, { hash: createHash('sha256').update(bytes).digest(), expiresAt })
}

function sign(body: Buffer, purpose: Purpose, secret: string): Buffer {
  // The first word keeps it apart from whatever else is signed with this secret.
  return createHmac('sha256', secret)
    .update(JSON.stringify(['passkey-challenge', body.toString('base64url'), ...Object.values(purpose)]))
    .digest()
}
