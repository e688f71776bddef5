import { findLiveSession, touchSession } from '#db/queries/people/sessions.ts'
import type { Database } from '../../process/database.ts'
import type { Formats } from '../formats.ts'
import type { SessionClaims } from './cookies.ts'
import { endSessionsOfDisabled } from './end-sessions.ts'
import { expiryOf, seenBefore } from './session-lifetime.ts'

/** Who is signed in, and through which of his sessions. */
export type SignedIn = { userId: string; name: string; email: string; sessionId: string }
/** What the session rests on. */
export type Proof = {
  /** When the person last proved who they are; null: before such proofs were kept. */
  provedAt: Date | null
  /** Beside a password or single sign-on; null: nothing. */
  secondFactor: 'passkey' | 'recovery-code' | 'issuer' | null
}
/** With how dates are written for him. */
export type Reader = SignedIn & Formats & Proof

/**
 * What the claims of a cookie are worth now: null once the session was ended, has expired, or its person is
 * disabled. Asked of the database for every request; nothing is remembered. Who comes while he is disabled loses
 * all his sessions for good; one that is not shown in that time works again once he is enabled.
 */
export async function openSession(
  claims: SessionClaims,
  { db, now }: { db: Database; now: Date },
): Promise<Reader | null> {
  const found = await findLiveSession(db, claims, now)
  if (!found) return null
  const { createdAt, lastSeenAt, disabledAt, ...signedIn } = found
  if (disabledAt) {
    await endSessionsOfDisabled(signedIn, { db, now })
    return null
  }
  const unlessSince = seenBefore(now)
  if (lastSeenAt < unlessSince) {
    await touchSession(db, claims, { at: now, unlessSince, expiresAt: expiryOf({ createdAt }, now) })
  }
  return signedIn
}
