import { currentTime } from '#db/queries/current-time.ts'
import { lockApplication } from '#db/queries/partners/partner-applications.ts'
import { countMembers, lockParty } from '#db/queries/people/members.ts'
import { changing } from '../access/changing.ts'
import type { Operator } from '../access/operators.ts'
import { asOperator } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { writeInvitation } from '../members/invite.ts'
import type { Database } from '../process/database.ts'
import { countMail } from '../rate-limits/throttle.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'

/** `joined`: somebody works for the partner already, and its owners invite whom they want. `too-often`: within an hour. */
export type InviteAgainRefusal = 'not-found' | 'signed-out' | 'not-approved' | 'joined' | TooOften

/**
 * Mails an approved applicant a new invitation, whose last one has expired or got lost; the one before is worth nothing
 * from then on. Only until somebody has joined the partner: afterwards it is not the operator's to say who works for it.
 * @param tools.origin where people reach this server: the mailed address begins with it.
 */
export async function inviteApplicantAgain(
  operator: Operator,
  { applicationId }: { applicationId: string },
  { db, address, origin }: { db: Database; address: string | null; origin: string },
): Promise<Result<{ company: string; email: string }, InviteAgainRefusal>> {
  return changing(asOperator(operator), db, {
    first: async () => {
      const counted = await countMail('applicants', applicationId, { db })
      return counted.ok ? counted : refuse({ kind: 'too-often', ...counted.refusal })
    },
    lock: async (tx) => ok(await lockApplication(tx, applicationId)),
    change: async (tx, application) => {
      if (!application) return refuse('not-found')
      const { company, email, partnerId } = application
      if (!partnerId) return refuse('not-approved')
      const party = await lockParty(tx, { side: 'partner', partnerId })
      const { all } = await countMembers(tx, { side: 'partner', partnerId }, { beside: operator.userId })
      if (all > 0) return refuse('joined')
      await recordAudit(tx, [
        {
          action: 'application.invited-again',
          occurredAt: await currentTime(tx),
          by: operator,
          partnerId,
          address,
          details: { applicationId },
        },
      ])
      await writeInvitation(tx, {
        party: { side: 'partner', partnerId },
        partyName: party?.name ?? company,
        email,
        role: 'owner',
        by: operator,
        address,
        origin,
      })
      return ok({ company, email })
    },
  })
}
