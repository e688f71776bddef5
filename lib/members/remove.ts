import { currentTime } from '#db/queries/current-time.ts'
import { countMembers, deleteMember, findMember, lockParty } from '#db/queries/people/members.ts'
import type { Actor } from '../access/actor.ts'
import { columnsOf } from '../access/party.ts'
import { refusalOfSession } from '../access/refusal-of-role.ts'
import { recordAudit } from '../audit/record.ts'
import { withdrawTold } from '../notifications/withdraw-told.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type BelongingKind, endBelongings, refusalOfEnding } from './belongings.ts'
import { withdrawInvitationsBy } from './withdraw.ts'

/** `last-owner`: nobody who can sign in would be left to invite and remove people. */
export type RemoveRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'last-owner'

/**
 * Takes a member away, from his next click on: memberships are proven at every request. Owners remove anybody,
 * everybody removes himself; the last owner stays. What they invited and nobody accepted yet is withdrawn, and
 * mails about it that wait are not sent.
 * @param end what hangs on the membership and ends with it (`belongings.ts`).
 */
export async function removeMember(
  actor: Actor,
  { userId, end = [] }: { userId: string; end?: BelongingKind[] | undefined },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ name: string; email: string }, RemoveRefusal>> {
  const leaves = userId === actor.userId
  return db.transaction(async (tx) => {
    await lockParty(tx, actor)
    // Looked at again under the lock: the actor may have been removed or demoted since his request began.
    const self = await findMember(tx, actor, { userId: actor.userId })
    if (!leaves && self?.role !== 'owner') return refuse('not-allowed')
    const refusalNow = await refusalOfSession(tx, actor)
    if (refusalNow) return refuse(refusalNow)
    const member = leaves ? self : await findMember(tx, actor, { userId })
    if (!member) return refuse('not-found')
    if (member.role === 'owner') {
      const { otherOwners } = await countMembers(tx, actor, { beside: userId })
      if (otherOwners === 0) return refuse('last-owner')
    }
    const ended = await endBelongings(tx, actor, { userId, end, address })
    if (!ended.ok) return refuse(refusalOfEnding(ended.refusal))
    await deleteMember(tx, actor, { userId })
    await withdrawTold(tx, actor, { userId })
    await withdrawInvitationsBy(tx, actor, { userId, address })
    await recordAudit(tx, [
      {
        action: 'member.removed',
        occurredAt: await currentTime(tx),
        by: actor,
        ...columnsOf(actor),
        address,
        reason: leaves ? 'left' : 'removed',
        details: { userId, email: member.email, role: member.role },
      },
    ])
    return ok({ name: member.name, email: member.email })
  })
}
