import { listLiveSessions } from '#db/queries/people/sessions.ts'
import type { Database } from '../../process/database.ts'
import type { SignedIn } from './signed-in.ts'

const maxShown = 100

export type OwnSession = {
  id: string
  createdAt: Date
  /** To within five minutes. */
  lastSeenAt: Date
  address: string | null
  userAgent: string | null
  isThisOne: boolean
}

/** The person's live sessions, the one in use first, then by last use; 100 at most. */
export async function listSessions(
  who: SignedIn,
  { db, now }: { db: Database; now: Date },
): Promise<OwnSession[]> {
  const found = await listLiveSessions(db, { userId: who.userId }, now, maxShown)
  const sessions = found.map((session) => ({ ...session, isThisOne: session.id === who.sessionId }))
  return sessions.sort((a, b) => Number(b.isThisOne) - Number(a.isThisOne))
}
