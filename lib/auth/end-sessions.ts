import { endLiveSessions, type SessionScope } from '#db/queries/sessions.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { SignedIn } from './open-session.ts'

type Tools = { db: Database; now: Date; address: string | null }

/** Ends the session that the person is using: its cookie is worth nothing from now on. Twice is as good as once. */
export async function signOut(
  who: Pick<SignedIn, 'userId' | 'name' | 'sessionId'>,
  tools: Tools,
): Promise<void> {
  await endAndRecord(who, { userId: who.userId, sessionId: who.sessionId }, 'signed-out', tools)
}

/** Ends one of the person's own sessions. Refuses `not-found`: another person's, or ended before. */
export async function endSession(
  who: SignedIn,
  { sessionId }: { sessionId: string },
  tools: Tools,
): Promise<Result<null, 'not-found'>> {
  const ended = await endAndRecord(
    who,
    { userId: who.userId, sessionId },
    'ended-from-another-session',
    tools,
  )
  return ended > 0 ? ok(null) : refuse('not-found')
}

/** Ends all sessions of the person but the one in use. @returns how many. */
export function endOtherSessions(who: SignedIn, tools: Tools): Promise<number> {
  const scope = { userId: who.userId, otherThan: who.sessionId }
  return endAndRecord(who, scope, 'ended-from-another-session', tools)
}

/** Ends all sessions of a person who was disabled, so that none comes back to life when he is enabled again. */
export async function endSessionsOfDisabled(
  who: Pick<SignedIn, 'userId' | 'name'>,
  { db, now }: Omit<Tools, 'address'>,
): Promise<void> {
  await endAndRecord(who, { userId: who.userId, which: 'all' }, 'disabled', { db, now, address: null })
}

function endAndRecord(
  who: { userId: string; name: string },
  scope: SessionScope,
  reason: string,
  { db, now, address }: Tools,
): Promise<number> {
  return db.transaction(async (tx) => {
    const ended = await endLiveSessions(tx, scope, now)
    await recordAudit(
      tx,
      ended.map((sessionId) => ({
        occurredAt: now,
        action: 'session.ended',
        by: { userId: who.userId, userName: who.name },
        address,
        reason,
        details: { sessionId },
      })),
    )
    return ended.length
  })
}
