import type { Queryable } from '#db/client.ts'
import { lockRole } from '#db/queries/people/members.ts'
import { lockLiveSession } from '#db/queries/people/sessions.ts'
import { isOperator } from '#db/queries/people/users.ts'
import { type Actor, mayChangeTokens } from './actor.ts'

/** `signed-out`: the session was ended, or the person disabled, since the request began. */
export type RoleRefusal = 'not-found' | 'not-allowed' | 'signed-out'

/**
 * Looks again whether the actor is signed in and may change tokens, and keeps it so until we commit: much may have happened
 * since the request began. To be asked after the locks that a request waits for, so that a removal does not.
 */
export async function refusalOfRole(tx: Queryable, actor: Actor): Promise<RoleRefusal | null> {
  const role = await lockRole(tx, actor, actor)
  if (!role) return 'not-found'
  if (!mayChangeTokens({ role })) return 'not-allowed'
  return refusalOfSession(tx, actor)
}

/** The same of who decides on applications: whether they are signed in, and an operator, as they were when the request began. */
export async function refusalOfOperator(
  tx: Queryable,
  operator: { userId: string; sessionId?: string },
): Promise<'not-found' | 'signed-out' | null> {
  const refusalNow = await refusalOfSession(tx, operator)
  if (refusalNow) return refusalNow
  return (await isOperator(tx, operator.userId)) ? null : 'not-found'
}

/** Of what takes no role: the same question about the session alone. */
export async function refusalOfSession(
  tx: Queryable,
  { userId, sessionId }: { userId: string; sessionId?: string },
): Promise<'signed-out' | null> {
  if (sessionId === undefined) return null
  return (await lockLiveSession(tx, { userId, sessionId })) ? null : 'signed-out'
}
