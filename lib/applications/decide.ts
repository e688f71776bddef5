import { randomInt } from 'node:crypto'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { decideApplication, lockApplication } from '#db/queries/partners/partner-applications.ts'
import { insertPartner } from '#db/queries/partners/partners.ts'
import { changing } from '../access/changing.ts'
import type { Operator } from '../access/operators.ts'
import { asOperator } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { writeInvitation } from '../members/invite.ts'
import { quotedName } from '../notifications/mails/other-words.ts'
import { queueMail } from '../notifications/mails/queue-mail.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'

/** `decided`: by another operator, or by this one before. */
export type DecideRefusal = 'not-found' | 'signed-out' | 'decided'

type Tools = { db: Database; address: string | null }
export type Approved = { company: string; partnerId: string; email: string }

const attemptsAtFreeId = 20

/**
 * Issues a Partner ID to the applicant, and invites the contact as the new partner's owner.
 * @param tools.origin where people reach this server: the mailed address begins with it.
 */
export async function approveApplication(
  operator: Operator,
  { applicationId }: { applicationId: string },
  { db, address, origin }: Tools & { origin: string },
): Promise<Result<Approved, DecideRefusal>> {
  return changing(asOperator(operator), db, {
    lock: async (tx) => ok(await lockApplication(tx, applicationId)),
    change: async (tx, application) => {
      if (!application) return refuse('not-found')
      if (application.decision) return refuse('decided')
      const { company, email } = application
      const partnerId = await makePartner(tx, company)
      const now = await currentTime(tx)
      await decideApplication(tx, applicationId, {
        decision: 'approved',
        decidedAt: now,
        decidedBy: operator.userId,
        decidedByName: operator.userName,
        ...{ answer: null, answerMailId: null },
        partnerId,
      })
      await recordAudit(tx, [
        {
          action: 'application.approved',
          occurredAt: now,
          by: operator,
          partnerId,
          address,
          details: { applicationId },
        },
      ])
      await writeInvitation(tx, {
        party: { side: 'partner', partnerId },
        partyName: company,
        email,
        role: 'owner',
        by: operator,
        address,
        origin,
      })
      return ok({ company, partnerId, email })
    },
  })
}

/** Declines it, and mails the applicant why. */
export async function declineApplication(
  operator: Operator,
  { applicationId, answer }: { applicationId: string; answer: string },
  { db, address }: Tools,
): Promise<Result<{ company: string; email: string }, DecideRefusal>> {
  return changing(asOperator(operator), db, {
    lock: async (tx) => ok(await lockApplication(tx, applicationId)),
    change: async (tx, application) => {
      if (!application) return refuse('not-found')
      if (application.decision) return refuse('decided')
      const { company, email } = application
      const now = await currentTime(tx)
      const mail = await queueMail(tx, { userId: null, to: email, ...declinedMail(company, answer), now })
      await decideApplication(tx, applicationId, {
        decision: 'declined',
        decidedAt: now,
        decidedBy: operator.userId,
        decidedByName: operator.userName,
        answer,
        answerMailId: mail.id,
        partnerId: null,
      })
      await recordAudit(tx, [
        {
          action: 'application.declined',
          occurredAt: now,
          by: operator,
          address,
          details: { applicationId },
        },
      ])
      return ok({ company, email })
    },
  })
}

function declinedMail(company: string, answer: string) {
  return {
    subject: 'Your Application for Partner Access',
    body: `The Application for Partner Access of ${quotedName(company)} was declined.

What we have to say about it:

${answer}

You may apply again.
`,
  }
}

/** With a Partner ID that nobody has: `ypa-` and 12 digits. */
async function makePartner(tx: Queryable, name: string): Promise<string> {
  for (let attempt = 0; attempt < attemptsAtFreeId; attempt++) {
    const digits = Array.from({ length: 12 }, () => randomInt(10)).join('')
    const id = `ypa-${digits}`
    if (await insertPartner(tx, { id, name })) return id
  }
  throw new Error('no Partner ID is free')
}
