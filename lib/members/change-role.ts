import { currentTime } from '#db/queries/current-time.ts'
import { countMembers, findMember, updateRole } from '#db/queries/members.ts'
import { recordAudit } from '../audit/record.ts'
import type { Actor, Role } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { scopeOf } from '../tokens/scope.ts'
import { lockAsOwner } from './owner-at-work.ts'
import { partyOf } from './party.ts'
import { withdrawInvitationsBy } from './withdraw.ts'

/** `last-owner`: nobody who can sign in would be left to invite and remove people. */
export type ChangeRoleRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'last-owner'

/** Gives a member another role, from his next click on. Owners only; the last owner stays one. */
export async function changeRole(
  actor: Actor,
  { userId, role }: { userId: string; role: Role },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ name: string }, ChangeRoleRefusal>> {
  const scope = scopeOf(actor)
  return db.transaction(async (tx) => {
    const locked = await lockAsOwner(tx, actor)
    if (!locked.ok) return locked
    const member = await findMember(tx, scope, { userId })
    if (!member) return refuse('not-found')
    if (member.role === role) return ok({ name: member.name })
    if (member.role === 'owner') {
      const { otherOwners } = await countMembers(tx, scope, { beside: userId })
      if (otherOwners === 0) return refuse('last-owner')
    }
    await updateRole(tx, scope, { userId, role })
    if (member.role === 'owner') await withdrawInvitationsBy(tx, actor, { userId, address })
    await recordAudit(tx, [
      {
        action: 'member.changed',
        occurredAt: await currentTime(tx),
        by: actor,
        ...partyOf(actor),
        address,
        details: { userId, email: member.email, from: member.role, to: role },
      },
    ])
    return ok({ name: member.name })
  })
}
