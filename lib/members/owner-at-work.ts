import type { Queryable } from '#db/client.ts'
import { findMember, lockParty } from '#db/queries/members.ts'
import type { Actor } from '../auth/actor.ts'
import { scopeOf } from '../tokens/scope.ts'

/**
 * Locks the actor's store or partner and looks again whether he is its owner: he may have been removed or demoted
 * since his request began. @returns its name; null where he is no owner any more.
 */
export async function lockAsOwner(tx: Queryable, actor: Actor): Promise<{ name: string } | null> {
  const party = await lockParty(tx, scopeOf(actor))
  const self = await findMember(tx, scopeOf(actor), { userId: actor.userId })
  return party && self?.role === 'owner' ? party : null
}
