import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { withdrawWaiting } from '#db/queries/people/invitations.ts'
import type { Actor } from '../access/actor.ts'
import { changingMembers } from '../access/changing.ts'
import { columnsOf } from '../access/party.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'

export type WithdrawRefusal = 'not-allowed' | 'not-found' | 'signed-out'

/** Takes an invitation back that waits; owners only. Refuses `not-found`: accepted or withdrawn before. */
export async function withdrawInvitation(
  actor: Actor,
  { invitationId }: { invitationId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ email: string }, WithdrawRefusal>> {
  return changingMembers(actor, db, async (tx) => {
    const [withdrawn] = await withdrawAll(tx, actor, { id: invitationId }, address)
    return withdrawn ? ok({ email: withdrawn.email }) : refuse('not-found')
  })
}

/**
 * Takes back what waits of a person who is no owner any more: nobody comes in on the word of who was shown out.
 * @param tx that ends their being an owner, under the lock of the store or partner.
 */
export async function withdrawInvitationsBy(
  tx: Queryable,
  actor: Actor,
  { userId, address }: { userId: string; address: string | null },
): Promise<void> {
  await withdrawAll(tx, actor, { invitedBy: userId }, address)
}

async function withdrawAll(
  tx: Queryable,
  actor: Actor,
  which: Parameters<typeof withdrawWaiting>[2],
  address: string | null,
) {
  const now = await currentTime(tx)
  const withdrawn = await withdrawWaiting(tx, actor, which, now)
  await recordAudit(
    tx,
    withdrawn.map(({ id: invitationId, email, role }) => ({
      action: 'member.invitation-withdrawn' as const,
      occurredAt: now,
      by: actor,
      ...columnsOf(actor),
      address,
      details: { invitationId, email, role },
    })),
  )
  return withdrawn
}
