import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { endLiveSessions, insertSession } from '#db/queries/sessions.ts'
import { recordAudit } from '../audit/record.ts'
import type { SignedIn } from './open-session.ts'
import { expiryOf } from './session-lifetime.ts'

/** Where a request comes from: for the record, and for people to recognise their own sign-ins. */
export type Origin = { address: string | null; userAgent: string | null }

type Person = { id: string; name: string }
type SignIn = {
  method: 'password' | 'single-sign-on'
  origin: Origin
  /** The session that the browser had before, whoever's: its cookie is about to be overwritten. */
  replaces: SignedIn | null
  now: Date
}

const maxUserAgentLength = 500

/** Opens a session for a person who has proven who he is. @returns its id. */
export async function startSession(db: Queryable, person: Person, signIn: SignIn): Promise<string> {
  const { method, origin, replaces, now } = signIn
  const sessionId = uuidv7()
  const { address } = origin
  await db.transaction(async (tx) => {
    if (replaces && (await endLiveSessions(tx, replaces, now)).length > 0) {
      await recordAudit(tx, [
        {
          occurredAt: now,
          action: 'session.ended',
          by: { userId: replaces.userId, userName: replaces.name },
          address,
          reason: 'replaced',
          details: { sessionId: replaces.sessionId },
        },
      ])
    }
    await insertSession(tx, {
      id: sessionId,
      userId: person.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: expiryOf({ createdAt: now }, now),
      address,
      userAgent: origin.userAgent?.slice(0, maxUserAgentLength) ?? null,
    })
    await recordAudit(tx, [
      {
        occurredAt: now,
        action: 'session.started',
        by: { userId: person.id, userName: person.name },
        address,
        details: { sessionId, method },
      },
    ])
  })
  return sessionId
}
