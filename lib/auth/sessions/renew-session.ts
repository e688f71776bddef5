import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { replaceSession } from '#db/queries/people/sessions.ts'
import type { SignedIn } from './signed-in.ts'

/**
 * Gives the session in use another id, so that a copy of its cookie is worth nothing any more; how long it lasts stays.
 * @returns null where it has ended meanwhile.
 */
export async function renewSession(
  tx: Queryable,
  { userId, sessionId }: Pick<SignedIn, 'userId' | 'sessionId'>,
  now: Date,
): Promise<{ sessionId: string } | null> {
  const fresh = uuidv7({ msecs: now.getTime() })
  return (await replaceSession(tx, { userId, sessionId }, fresh, now)) ? { sessionId: fresh } : null
}
