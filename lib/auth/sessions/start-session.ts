import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { endLiveSessions, endOldestSessions, insertSession } from '#db/queries/people/sessions.ts'
import { lockUser, updateUser } from '#db/queries/people/users.ts'
import { recordAudit } from '../../audit/record.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { isTimeZone } from '../../time/time-zone.ts'
import { withoutSecrets } from '../../tokens/model/secret.ts'
import { expiryOf } from './session-lifetime.ts'
import type { Assurance, SignedIn } from './signed-in.ts'

/** Where a request comes from: for the record, and for people to recognise their own sign-ins. */
export type Origin = {
  address: string | null
  userAgent: string | null
  /** What the browser says of its time zone, unchecked. */
  timeZone?: string | undefined
}

/** As they were read before they proved who they are. */
type Person = { id: string; name: string; passwordHash: string | null }
type SignIn = {
  /** `passkey`: by itself, without a password. */
  method: 'password' | 'single-sign-on' | 'passkey'
  secondFactor?: Assurance['secondFactor']
  /** When the person proved who they are; just now unless somebody else took the proof. */
  provedAt?: Date | null
  origin: Origin
  /** The session that the browser had before, whoever's: its cookie is about to be overwritten. */
  replaces: SignedIn | null
  now: Date
}

/** Of one person at once: one more ends the one that was seen longest ago. */
export const maxSessions = 20

const maxUserAgentLength = 500

/**
 * Opens a session for a person who has proven who they are. Refuses `changed-meanwhile`: disabled since, or the password
 * that they proved it with has been replaced, which ended every session that there was.
 */
export async function startSession(
  db: Queryable,
  person: Person,
  signIn: SignIn,
): Promise<Result<{ sessionId: string }, 'changed-meanwhile'>> {
  const { method, origin, replaces, now, secondFactor = null, provedAt = now } = signIn
  const sessionId = uuidv7()
  const { address } = origin
  return db.transaction(async (tx) => {
    const locked = await lockUser(tx, { userId: person.id })
    if (!locked || locked.disabledAt) return refuse('changed-meanwhile')
    if (method === 'password' && locked.passwordHash !== person.passwordHash)
      return refuse('changed-meanwhile')
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
      userAgent: origin.userAgent ? withoutSecrets(origin.userAgent.slice(0, maxUserAgentLength)) : null,
      provedAt,
      secondFactor,
    })
    const ended = await endOldestSessions(tx, { userId: person.id, keep: maxSessions }, now)
    await recordAudit(
      tx,
      ended.map((tooMany) => ({
        occurredAt: now,
        action: 'session.ended' as const,
        by: { userId: person.id, userName: person.name },
        address,
        reason: 'too-many',
        details: { sessionId: tooMany },
      })),
    )
    if (origin.timeZone !== undefined && isTimeZone(origin.timeZone)) {
      await updateUser(tx, { userId: person.id }, { browserTimeZone: origin.timeZone })
    }
    await recordAudit(tx, [
      {
        occurredAt: now,
        action: 'session.started',
        by: { userId: person.id, userName: person.name },
        address,
        details: { sessionId, method, ...(secondFactor && { secondFactor }) },
      },
    ])
    return ok({ sessionId })
  })
}
