import { currentTime } from '#db/queries/current-time.ts'
import { countMembers, deleteMember, findMember } from '#db/queries/people/members.ts'
import type { Actor } from '../access/actor.ts'
import { changing, lockOwnParty } from '../access/changing.ts'
import { columnsOf } from '../access/party.ts'
import { asOwner, asSignedIn } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { withdrawNews } from '../notifications/withdraw-news.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type BelongingKind, endBelongings, refusalOfEnding } from './belongings.ts'
import { withdrawInvitationsBy } from './withdraw.ts'

/** `last-owner`: nobody who can sign in would be left to invite and remove people. */
export type RemoveRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'last-owner'

/**
 * Takes a member away, from their next click on: memberships are proven at every request. Owners remove anybody,
 * everybody removes themselves; the last owner stays. What they invited and nobody accepted yet is withdrawn, and
 * mails about it that wait are not sent.
 * @param end what hangs on the membership and ends with it (`belongings.ts`).
 */
export async function removeMember(
  actor: Actor,
  { userId, end = [] }: { userId: string; end?: BelongingKind[] | undefined },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ name: string; email: string }, RemoveRefusal>> {
  // Who made a credential leaves by themselves: their program takes nobody away.
  const leaves = userId === actor.userId && !actor.credential
  return changing(leaves ? asSignedIn(actor) : asOwner(actor), db, {
    lock: (tx) => lockOwnParty(tx, actor),
    change: async (tx) => {
      const member = await findMember(tx, actor, { userId })
      if (!member) return refuse('not-found')
      if (member.role === 'owner') {
        const { otherOwners } = await countMembers(tx, actor, { beside: userId })
        if (otherOwners === 0) return refuse('last-owner')
      }
      const ended = await endBelongings(tx, actor, { userId, end, address })
      if (!ended.ok) return refuse(refusalOfEnding(ended.refusal))
      await deleteMember(tx, actor, { userId })
      await withdrawNews(tx, actor, { userId })
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
    },
  })
}
