import { withdrawWaiting } from '#db/queries/invitations.ts'
import { currentTime } from '#db/queries/partner-access.ts'
import { recordAudit } from '../audit/record.ts'
import type { Actor } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { scopeOf } from '../tokens/scope.ts'
import { lockAsOwner } from './owner-at-work.ts'
import { partyOf } from './party.ts'

export type WithdrawRefusal = 'not-allowed' | 'not-found'

/** Takes an invitation back that waits; owners only. Refuses `not-found`: accepted or withdrawn before. */
export async function withdrawInvitation(
  actor: Actor,
  { invitationId }: { invitationId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ email: string }, WithdrawRefusal>> {
  return db.transaction(async (tx) => {
    if (!(await lockAsOwner(tx, actor))) return refuse('not-allowed')
    const now = await currentTime(tx)
    const [withdrawn] = await withdrawWaiting(tx, scopeOf(actor), { id: invitationId }, now)
    if (!withdrawn) return refuse('not-found')
    const { email, role } = withdrawn
    await recordAudit(tx, [
      {
        action: 'member.removed',
        occurredAt: now,
        by: actor,
        ...partyOf(actor),
        address,
        reason: 'invitation-withdrawn',
        details: { invitationId, email, role },
      },
    ])
    return ok({ email })
  })
}
