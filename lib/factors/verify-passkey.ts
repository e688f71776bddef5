import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { z } from 'zod'
import type { Queryable } from '#db/client.ts'
import { findPasskey, notePasskeyUse, type PasskeyRow } from '#db/queries/people/factors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type Purpose, takeChallenge } from './challenge.ts'
import type { RelyingParty } from './relying-party.ts'

export type PasskeyTools = { rp: RelyingParty; secret: string; now: Date }

const text = z.string().max(4_000)
/** What a browser answers; the library checks what stands in it. */
const answerSchema = z.object({
  id: z.string().min(1).max(1_400),
  rawId: z.string().max(1_400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.optional(),
  }),
})

/**
 * Reads a browser's answer to a challenge of ours. Refuses `not-proven`: unknown, of another site, too old, answered
 * before, or wrongly signed; which of them is nobody's business.
 * @param tx the challenge is used up in it, whatever becomes of the rest.
 * @param asked.verified whether the authenticator must have asked for its PIN, finger or face.
 */
export async function verifyPasskey(
  tx: Queryable,
  answer: string,
  asked: { purpose: Purpose; verified: 'required' | 'preferred' },
  { rp, secret, now }: PasskeyTools,
): Promise<Result<PasskeyRow, 'not-proven'>> {
  const parsed = answerSchema.safeParse(readJson(answer))
  if (!parsed.success) return refuse('not-proven')
  const passkey = await findPasskey(tx, parsed.data.id)
  if (!passkey) return refuse('not-proven')
  const verified = await verifyAuthenticationResponse({
    response: { ...parsed.data, clientExtensionResults: {} } as AuthenticationResponseJSON,
    expectedChallenge: (challenge) => takeChallenge(tx, challenge, { purpose: asked.purpose, secret, now }),
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: asked.verified === 'required',
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
      transports: passkey.transports,
    },
  }).catch(refusalOf)
  if (!verified?.verified) return refuse('not-proven')
  await notePasskeyUse(tx, passkey, { counter: verified.authenticationInfo.newCounter, at: now })
  return ok(passkey)
}

/** The library throws for every answer that is not right; what PostgreSQL throws is no such answer. */
export function refusalOf(error: unknown): null {
  if (error instanceof Error && !isDatabaseError(error)) return null
  throw error
}

function isDatabaseError(error: Error): boolean {
  return error.message.startsWith('Failed query') || 'severity' in error || 'errno' in error
}

export function readJson(given: string): unknown {
  try {
    return JSON.parse(given.slice(0, 20_000))
  } catch {
    return undefined
  }
}
