import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { currentTime } from '#db/queries/current-time.ts'
import {
  countUnusedCodes,
  deleteFirstSteps,
  deletePasskeys,
  insertPasskey,
  isSecondFactorDemandedOf,
  listPasskeys,
  replaceRecoveryCodes,
  updateProof,
} from '#db/queries/people/factors.ts'
import { endLiveSessions } from '#db/queries/people/sessions.ts'
import { changingAccount } from '../access/changing.ts'
import { recordAudit } from '../audit/record.ts'
import { renewSession } from '../auth/sessions/renew-session.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { createChallenge, takeChallenge } from './challenge.ts'
import { maxPasskeys } from './limits.ts'
import { recordFactorChange } from './record-change.ts'
import { createRecoveryCodes } from './recovery-codes.ts'
import { type PasskeyTools, readJson, refusalOf } from './verify-passkey.ts'

type Tools = { db: Database; address: string | null }

export type OwnFactors = {
  passkeys: { id: string; name: string; createdAt: Date; lastUsedAt: Date | null }[]
  unusedCodes: number
}

/** The person's passkeys, the oldest first, and how many recovery codes are left. */
export async function ownFactors(user: SignedIn, { db }: { db: Database }): Promise<OwnFactors> {
  const [passkeys, unusedCodes] = [await listPasskeys(db, user), await countUnusedCodes(db, user)]
  return {
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({ id, name, createdAt, lastUsedAt })),
    unusedCodes,
  }
}

/** What the browser makes a passkey from: one that it can find without a name, asking for PIN, finger or face. */
export async function passkeyToAdd(user: SignedIn, { db, rp, secret, now }: PasskeyTools & { db: Database }) {
  const known = await listPasskeys(db, user)
  return generateRegistrationOptions({
    rpName: 'Partner Tokens',
    rpID: rp.id,
    userName: user.email,
    userDisplayName: user.name,
    userID: new Uint8Array(Buffer.from(user.userId)),
    challenge: createChallenge({ purpose: { to: 'add-passkey', sessionId: user.sessionId }, secret, now }),
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
  })
}

const registrationSchema = z.object({
  id: z.string().min(1).max(1_400),
  rawId: z.string().max(1_400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: z.string().max(4_000),
    attestationObject: z.string().max(16_000),
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
})

/** `not-proven`: the browser's answer is not right, or too old. `too-many`: 20 passkeys at most. */
export type AddPasskeyRefusal = 'not-proven' | 'too-many' | 'signed-out'

/**
 * Keeps a new passkey of the person; the session has a second factor from then on. With the first one come ten
 * recovery codes, handed out here and never again.
 */
export async function addPasskey(
  user: SignedIn,
  { name, answer }: { name: string; answer: string },
  { db, address, rp, secret, now }: Tools & PasskeyTools,
): Promise<Result<{ codes: string[] }, AddPasskeyRefusal>> {
  const parsed = registrationSchema.safeParse(readJson(answer))
  if (!parsed.success) return refuse('not-proven')
  const purpose = { to: 'add-passkey', sessionId: user.sessionId } as const
  const verified = await verifyRegistrationResponse({
    response: { ...parsed.data, clientExtensionResults: {} } as RegistrationResponseJSON,
    expectedChallenge: (challenge) => takeChallenge(db, challenge, { purpose, secret, now }),
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: false,
  }).catch(refusalOf)
  if (!verified?.verified) return refuse('not-proven')
  const { credential } = verified.registrationInfo
  return changingAccount(user, db, async (tx) => {
    const known = await listPasskeys(tx, user)
    if (known.length >= maxPasskeys) return refuse('too-many')
    const at = await currentTime(tx)
    const isNew = await insertPasskey(tx, {
      id: uuidv7({ msecs: at.getTime() }),
      userId: user.userId,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: parsed.data.response.transports ?? [],
      name,
      createdAt: at,
      lastUsedAt: null,
    })
    if (!isNew) return refuse('not-proven')
    await updateProof(tx, user, { provedAt: at, secondFactor: 'passkey' })
    await deleteFirstSteps(tx, user)
    await recordFactorChange(tx, {
      ...ownChange(user, at, address),
      action: 'passkey.added',
      details: { name },
      what: 'A passkey was added',
    })
    if (known.length > 0) return ok({ codes: [] })
    const { codes, hashes } = createRecoveryCodes(user.userId)
    await replaceRecoveryCodes(tx, user, hashes, at)
    return ok({ codes })
  })
}

/** `demanded`: it is the last one, and somebody whom the person works for demands a second factor. */
export type RemovePasskeyRefusal = 'not-found' | 'signed-out' | 'demanded'
export type PasskeyRemoved = { name: string; left: number; ended: number; sessionId: string }

/**
 * Takes a passkey away; with the last one the recovery codes go as well. Whoever signed in with it is signed out: all other sessions
 * end, and the one in use goes on under a new id.
 * @returns how many passkeys are left, how many other sessions ended, and the new id.
 */
export async function removePasskey(
  user: SignedIn,
  { passkeyId }: { passkeyId: string },
  { db, address }: Tools,
): Promise<Result<PasskeyRemoved, RemovePasskeyRefusal>> {
  return changingAccount(user, db, async (tx) => {
    const known = await listPasskeys(tx, user)
    const removed = known.find(({ id }) => id === passkeyId)
    if (!removed) return refuse('not-found')
    const left = known.length - 1
    if (left === 0 && (await isSecondFactorDemandedOf(tx, user))) return refuse('demanded')
    const at = await currentTime(tx)
    const renewed = await renewSession(tx, user, at)
    if (!renewed) return refuse('signed-out')
    await deletePasskeys(tx, { userId: user.userId, passkeyId })
    if (left === 0) await replaceRecoveryCodes(tx, user, [], at)
    await deleteFirstSteps(tx, user)
    const { person: _, ...noted } = ownChange(user, at, address)
    await recordFactorChange(tx, {
      ...ownChange(user, at, address),
      action: 'passkey.removed',
      details: { name: removed.name },
      what: left === 0 ? 'The last passkey was removed' : 'A passkey was removed',
    })
    const ended = await endLiveSessions(tx, { userId: user.userId, otherThan: renewed.sessionId }, at)
    await recordAudit(
      tx,
      ended.map((sessionId) => ({
        ...{ action: 'session.ended' as const, ...noted, reason: 'passkey-removed' },
        details: { sessionId },
      })),
    )
    return ok({ name: removed.name, left, ended: ended.length, ...renewed })
  })
}

/** Ten new recovery codes, handed out here and never again; those before are worth nothing. Refuses `no-passkey`. */
export async function renewRecoveryCodes(
  user: SignedIn,
  { db, address }: Tools,
): Promise<Result<{ codes: string[] }, 'no-passkey' | 'signed-out'>> {
  return changingAccount(user, db, async (tx) => {
    if ((await listPasskeys(tx, user)).length === 0) return refuse('no-passkey')
    const at = await currentTime(tx)
    const { codes, hashes } = createRecoveryCodes(user.userId)
    await replaceRecoveryCodes(tx, user, hashes, at)
    await recordFactorChange(tx, {
      ...ownChange(user, at, address),
      action: 'recovery-codes.made',
      what: 'New recovery codes were made',
    })
    return ok({ codes })
  })
}

export function ownChange(
  user: { userId: string; name: string; email: string },
  occurredAt: Date,
  address: string | null,
) {
  return { person: user, by: { userId: user.userId, userName: user.name }, occurredAt, address }
}
