import type { Queryable } from '#db/client.ts'
import { findMember, lockParty } from '#db/queries/people/members.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Actor } from './actor.ts'
import { refusalOfSession } from './refusal-of-role.ts'

/**
 * Locks the actor's store or partner and looks again whether they are signed in and its owner: both may have ended since the
 * request began. @returns its name.
 */
export async function lockAsOwner(
  tx: Queryable,
  actor: Actor,
): Promise<Result<{ name: string }, 'not-allowed' | 'signed-out'>> {
  const party = await lockParty(tx, actor)
  const self = await findMember(tx, actor, { userId: actor.userId })
  if (!party || self?.role !== 'owner') return refuse('not-allowed')
  const refusalNow = await refusalOfSession(tx, actor)
  return refusalNow ? refuse(refusalNow) : ok(party)
}
