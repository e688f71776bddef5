import type { Queryable } from '#db/client.ts'
import { lockRole } from '#db/queries/members.ts'
import { type Actor, mayChangeTokens } from '../auth/actor.ts'
import { scopeOf } from '../tokens/scope.ts'

/**
 * Looks again whether the actor may change tokens, and keeps it so until we commit: he may have been removed, or made
 * a viewer, since his request began. To be asked after the locks that a request waits for, so that a removal does not.
 */
export async function refusalOfRole(
  tx: Queryable,
  actor: Actor,
): Promise<'not-found' | 'not-allowed' | null> {
  const role = await lockRole(tx, scopeOf(actor), actor)
  if (!role) return 'not-found'
  return mayChangeTokens({ role }) ? null : 'not-allowed'
}
