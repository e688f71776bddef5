import { findLiveSession, touchSession } from '#db/queries/people/sessions.ts'
import type { Database } from '../../process/database.ts'
import type { SessionClaims } from './cookies.ts'
import { endSessionsOfDisabled } from './end-sessions.ts'
import { expiryOf, seenBefore } from './session-lifetime.ts'
import type { Reader } from './signed-in.ts'

/**
 * What the claims of a cookie are worth now: null once the session was ended, has expired, or its person is
 * disabled. Asked of the database for every request; nothing is remembered. Who comes while they are disabled loses
 * all their sessions for good; one that is not shown in that time works again once they are enabled.
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
