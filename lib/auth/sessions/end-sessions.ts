import { endLiveSessions, type SessionScope } from '#db/queries/people/sessions.ts'
import { changingAccount } from '../../access/changing.ts'
import { recordAudit } from '../../audit/record.ts'
import type { Database } from '../../process/database.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { renewSession } from './renew-session.ts'
import type { SignedIn } from './signed-in.ts'

type Tools = { db: Database; now: Date; address: string | null }

/** Ends the session that the person is using: its cookie is worth nothing from now on. Twice is as good as once. */
export async function signOut(
  who: Pick<SignedIn, 'userId' | 'name' | 'sessionId'>,
  tools: Tools,
): Promise<void> {
  await endAndRecord(who, { userId: who.userId, sessionId: who.sessionId }, 'signed-out', tools)
}

/**
 * Ends one of the person's own sessions. Refuses `not-found`: another person's, or ended before; `signed-out`: the session in
 * use has ended itself meanwhile.
 */
export function endSession(
  who: SignedIn,
  { sessionId }: { sessionId: string },
  { db, ...tools }: Tools,
): Promise<Result<null, 'not-found' | 'signed-out'>> {
  return changingAccount(who, db, async (tx) => {
    const scope = { userId: who.userId, sessionId }
    const ended = await endAndRecord(who, scope, 'ended-from-another-session', { db: tx, ...tools })
    return ended > 0 ? ok(null) : refuse('not-found')
  })
}

/**
 * Ends all sessions of the person but the one in use, which goes on under a new id: whoever has copied its cookie is signed
 * out too. @returns how many others, and the new id. Refuses `signed-out`: it has ended itself meanwhile.
 */
export function endOtherSessions(
  who: SignedIn,
  { db, ...tools }: Tools,
): Promise<Result<{ ended: number; sessionId: string }, 'signed-out'>> {
  return changingAccount(who, db, async (tx) => {
    const renewed = await renewSession(tx, who, tools.now)
    if (!renewed) return refuse('signed-out')
    const scope = { userId: who.userId, otherThan: renewed.sessionId }
    const ended = await endAndRecord(who, scope, 'ended-from-another-session', { db: tx, ...tools })
    return ok({ ended, ...renewed })
  })
}

/** Ends all sessions of a person who was disabled, so that none comes back to life when they are enabled again. */
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
  { db, now, address }: Omit<Tools, 'db'> & { db: Pick<Database, 'transaction'> },
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
