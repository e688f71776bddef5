import { currentTime } from '#db/queries/current-time.ts'
import { countMembers, findMember, updateRole } from '#db/queries/people/members.ts'
import type { Actor, Role } from '../access/actor.ts'
import { changingMembers } from '../access/changing.ts'
import { columnsOf } from '../access/party.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type BelongingKind, belongingsOf, endBelongings, isEmpty, refusalOfEnding } from './belongings.ts'
import { withdrawInvitationsBy } from './withdraw.ts'

/**
 * `belongings`: who becomes a viewer, or is an owner no longer, leaves things behind, and nobody has said yet which of them end. `last-owner`:
 * nobody who can sign in would be left to invite and remove people.
 */
export type ChangeRoleRefusal = 'belongings' | 'signed-out' | 'not-allowed' | 'not-found' | 'last-owner'

/** Gives a member another role, from their next click on. Owners only; the last owner stays one. */
export async function changeRole(
  actor: Actor,
  { userId, role, end }: { userId: string; role: Role; end?: BelongingKind[] | undefined },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ name: string; email: string }, ChangeRoleRefusal>> {
  return changingMembers(actor, db, async (tx) => {
    const member = await findMember(tx, actor, { userId })
    if (!member) return refuse('not-found')
    if (member.role === role) return ok({ name: member.name, email: member.email })
    if (member.role === 'owner') {
      const { otherOwners } = await countMembers(tx, actor, { beside: userId })
      if (otherOwners === 0) return refuse('last-owner')
    }
    if (end === undefined && (role === 'viewer' || member.role === 'owner')) {
      const left = await belongingsOf(actor, { userId, becomes: role }, { db: tx })
      if (!isEmpty(left)) return refuse('belongings')
    }
    const ended = await endBelongings(tx, actor, { userId, end: end ?? [], address })
    if (!ended.ok) return refuse(refusalOfEnding(ended.refusal))
    await updateRole(tx, actor, { userId, role })
    if (member.role === 'owner') await withdrawInvitationsBy(tx, actor, { userId, address })
    await recordAudit(tx, [
      {
        action: 'member.changed',
        occurredAt: await currentTime(tx),
        by: actor,
        ...columnsOf(actor),
        address,
        details: { userId, email: member.email, from: member.role, to: role },
      },
    ])
    return ok({ name: member.name, email: member.email })
  })
}
