import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { invitations } from '../../schema/invitations.ts'
import { mails } from '../../schema/mails.ts'
import { partners } from '../../schema/partners.ts'
import { stores } from '../../schema/stores.ts'
import { users } from '../../schema/users.ts'
import { dropMails } from '../notifications/mails.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from './users.ts'

const isWaiting = [isNull(invitations.acceptedAt), isNull(invitations.withdrawnAt)]

export type NewInvitation = Omit<typeof invitations.$inferInsert, 'invitedByEmail'>

export async function insertInvitation(tx: Queryable, invitation: NewInvitation) {
  await tx.insert(invitations).values({ ...invitation, invitedByEmail: emailOf(invitation.invitedBy) })
}

/** What was neither accepted nor withdrawn, expired or not, the oldest first. */
export async function listWaitingInvitations(db: Queryable, scope: Party, limit: number) {
  return db
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      invitedAt: invitations.invitedAt,
      invitedBy: sql<string>`coalesce(${invitations.invitedByName}, ${users.name})`,
      invitedByEmail: invitations.invitedByEmail,
      expiresAt: invitations.expiresAt,
      /** What was said at the last try to send its mail; null: nothing was wrong. */
      mailProblem: mails.lastError,
      mailGivenUpAt: mails.givenUpAt,
    })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.invitedBy))
    .leftJoin(mails, eq(mails.id, invitations.mailId))
    .where(and(inScope(scope, invitations), ...isWaiting))
    .orderBy(asc(invitations.id))
    .limit(limit)
}

/** How many wait, beside those to one address. */
export async function countWaitingInvitations(
  db: Queryable,
  scope: Party,
  { besideEmail }: { besideEmail: string },
): Promise<number> {
  const isOther = ne(invitations.email, besideEmail)
  return db.$count(invitations, and(inScope(scope, invitations), isOther, ...isWaiting))
}

/** One of the waiting invitations of the store or partner. */
export async function findWaitingInvitation(db: Queryable, scope: Party, invitationId: string) {
  const [found] = await db
    .select({ email: invitations.email, role: invitations.role })
    .from(invitations)
    .where(and(inScope(scope, invitations), eq(invitations.id, invitationId), ...isWaiting))
  return found
}

/** Withdraws one invitation, or all that wait for an address, or that a person wrote. @returns those that this call withdrew. */
export async function withdrawWaiting(
  tx: Queryable,
  scope: Party,
  which: { id: string } | { email: string } | { invitedBy: string },
  now: Date,
) {
  const isWhich =
    'id' in which
      ? eq(invitations.id, which.id)
      : 'email' in which
        ? eq(invitations.email, which.email)
        : eq(invitations.invitedBy, which.invitedBy)
  const { id, email, role, mailId } = invitations
  const withdrawn = await tx
    .update(invitations)
    .set({ withdrawnAt: now })
    .where(and(inScope(scope, invitations), isWhich, ...isWaiting))
    .returning({ id, email, role, mailId })
  await dropMails(
    tx,
    withdrawn.flatMap(({ mailId }) => mailId ?? []),
  )
  return withdrawn
}

/** Whatever became of it. Its hash says that the asker has its secret. */
export async function findInvitationByHash(db: Queryable, hash: Buffer) {
  const [found] = await db
    .select({
      id: invitations.id,
      storeId: invitations.storeId,
      partnerId: invitations.partnerId,
      partyName: sql<string>`coalesce(${stores.name}, ${partners.name})`,
      email: invitations.email,
      role: invitations.role,
      invitedBy: sql<string>`coalesce(${invitations.invitedByName}, ${users.name})`,
      expiresAt: invitations.expiresAt,
      acceptedAt: invitations.acceptedAt,
      withdrawnAt: invitations.withdrawnAt,
    })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.invitedBy))
    .leftJoin(stores, eq(stores.id, invitations.storeId))
    .leftJoin(partners, eq(partners.id, invitations.partnerId))
    .where(eq(invitations.hash, hash))
  return found
}

export async function markAccepted(tx: Queryable, id: string, by: { at: Date; userId: string }) {
  await tx.update(invitations).set({ acceptedAt: by.at, acceptedBy: by.userId }).where(eq(invitations.id, id))
}
