import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { invitations } from '../../schema/invitations.ts'
import { mails } from '../../schema/mails.ts'
import { partnerMembers } from '../../schema/members.ts'
import { partnerApplications } from '../../schema/partner-applications.ts'
import { users } from '../../schema/users.ts'
import { asId, asMoment, beyond, beyondId } from '../keyset.ts'
import { emailOf } from '../people/users.ts'

/** Of two of the same e-mail address at the same time the second one sees the first. */
export async function lockApplicant(tx: Queryable, email: string) {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('application ' || ${email}, 0))`)
}

/** An application of the same address and company waits already. */
export async function findSameOpen(tx: Queryable, { email, company }: { email: string; company: string }) {
  const [found] = await tx
    .select({ id: partnerApplications.id })
    .from(partnerApplications)
    .where(
      and(
        isNull(partnerApplications.decision),
        eq(partnerApplications.email, email),
        eq(partnerApplications.company, company),
      ),
    )
    .limit(1)
  return found
}

export async function insertApplication(tx: Queryable, row: typeof partnerApplications.$inferInsert) {
  await tx.insert(partnerApplications).values(row)
}

/** The application, decided or not; whoever decides on it at the same time waits until we commit. */
export async function lockApplication(tx: Queryable, id: string) {
  const [row] = await tx
    .select()
    .from(partnerApplications)
    .where(eq(partnerApplications.id, id))
    .for('update')
  return row
}

export async function decideApplication(
  tx: Queryable,
  id: string,
  decision: Required<
    Pick<
      typeof partnerApplications.$inferInsert,
      'decision' | 'decidedAt' | 'decidedByName' | 'answer' | 'answerMailId' | 'partnerId'
    >
  > & { decidedBy: string },
) {
  const decidedByEmail = emailOf(decision.decidedBy)
  await tx
    .update(partnerApplications)
    .set({ ...decision, decidedByEmail })
    .where(eq(partnerApplications.id, id))
}

const shown = {
  id: partnerApplications.id,
  submittedAt: partnerApplications.submittedAt,
  company: partnerApplications.company,
  address: partnerApplications.address,
  contact: partnerApplications.contact,
  email: partnerApplications.email,
  phone: partnerApplications.phone,
  description: partnerApplications.description,
  decision: partnerApplications.decision,
  decidedAt: partnerApplications.decidedAt,
  decidedBy: sql<string | null>`coalesce(${partnerApplications.decidedByName}, ${users.name})`,
  answer: partnerApplications.answer,
  partnerId: partnerApplications.partnerId,
}

/** Those that wait, the oldest first. */
export async function listOpenApplications(
  db: Queryable,
  page: { after?: string | undefined; limit: number },
) {
  return db
    .select(shown)
    .from(partnerApplications)
    .leftJoin(users, eq(users.id, partnerApplications.decidedBy))
    .where(and(isNull(partnerApplications.decision), beyondId('asc', partnerApplications.id, page.after)))
    .orderBy(asc(partnerApplications.id))
    .limit(page.limit)
}

/** Those that were decided, the last one first. */
export async function listDecidedApplications(
  db: Queryable,
  page: { after?: { at: Date; id: string } | undefined; limit: number },
) {
  const { decidedAt, id } = partnerApplications
  return db
    .select({
      ...shown,
      /** Whether anybody works for the partner that was made of it. */
      hasMembers: sql<boolean>`exists (select from ${partnerMembers}
        where ${partnerMembers.partnerId} = ${partnerApplications.partnerId})`,
      /** When the last of the partner's invitations expires that nobody has accepted. */
      invitedUntil: sql<Date | null>`(select max(${invitations.expiresAt}) from ${invitations}
        where ${invitations.partnerId} = ${partnerApplications.partnerId}
          and ${isNull(invitations.acceptedAt)} and ${isNull(invitations.withdrawnAt)})`.mapWith(
        invitations.expiresAt,
      ),
      /** Why the mail of that invitation was given up. */
      invitationProblem: sql<string | null>`(select ${mails.lastError} from ${invitations}
        join ${mails} on ${mails.id} = ${invitations.mailId} and ${isNotNull(mails.givenUpAt)}
        where ${invitations.partnerId} = ${partnerApplications.partnerId}
          and ${isNull(invitations.acceptedAt)} and ${isNull(invitations.withdrawnAt)}
        order by ${invitations.id} desc limit 1)`,
      /** Why the mail with the answer was given up. */
      answerProblem: sql<string | null>`(select ${mails.lastError} from ${mails}
        where ${mails.id} = ${partnerApplications.answerMailId} and ${isNotNull(mails.givenUpAt)})`,
    })
    .from(partnerApplications)
    .leftJoin(users, eq(users.id, partnerApplications.decidedBy))
    .where(
      and(
        isNotNull(partnerApplications.decision),
        beyond('desc', [decidedAt, id], page.after && [asMoment(page.after.at), asId(page.after.id)]),
      ),
    )
    .orderBy(desc(decidedAt), desc(id))
    .limit(page.limit)
}
