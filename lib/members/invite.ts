import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  countWaitingInvitations,
  findWaitingInvitation,
  insertInvitation,
  withdrawWaiting,
} from '#db/queries/people/invitations.ts'
import { countMembers, findMember } from '#db/queries/people/members.ts'
import { afterCommit } from '#db/transaction.ts'
import type { Actor, Role } from '../access/actor.ts'
import { changing, lockOwnParty } from '../access/changing.ts'
import { columnsOf, idOf, type Party } from '../access/party.ts'
import { asOwner } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { createMailedSecret } from '../auth/mailed-secret.ts'
import { mailedPaths } from '../notifications/mails/mailed-paths.ts'
import { queueMail } from '../notifications/mails/queue-mail.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import { countMail } from '../rate-limits/throttle.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { dayMs } from '../time/units.ts'
import { invitationMail } from './invitation-mail.ts'
import { invitationDays, maxMembers, maxWaiting } from './limits.ts'

/** `too-many`: members and invitations have a bound. `too-often`: mails go out, so many an hour at most. */
export type InviteRefusal =
  | 'signed-out'
  | 'not-allowed'
  | 'not-found'
  | 'already-member'
  | 'too-many'
  | TooOften

type Tools = {
  db: Database
  address: string | null
  /** Where people reach this server: the mailed address begins with it. */
  origin: string
}

/** Asks an e-mail address to work for the actor's store or partner; owners only. */
export async function inviteMember(
  actor: Actor,
  { email, role }: { email: string; role: Role },
  tools: Tools,
): Promise<Result<{ email: string }, InviteRefusal>> {
  return invite(actor, async () => ({ email, role }), tools)
}

/** Mails an invitation that waits once more, with a new secret; the one mailed before is worth nothing from then on. */
export async function inviteAgain(
  actor: Actor,
  { invitationId }: { invitationId: string },
  tools: Tools,
): Promise<Result<{ email: string }, InviteRefusal>> {
  return invite(actor, (tx) => findWaitingInvitation(tx, actor, invitationId), tools)
}

async function invite(
  actor: Actor,
  findGuest: (tx: Queryable) => Promise<{ email: string; role: Role } | undefined>,
  { db, address, origin }: Tools,
): Promise<Result<{ email: string }, InviteRefusal>> {
  return changing(asOwner(actor), db, {
    first: async () => {
      const counted = await countMail('invitations', `${actor.side} ${idOf(actor)}`, { db })
      return counted.ok ? counted : refuse({ kind: 'too-often', ...counted.refusal })
    },
    lock: (tx) => lockOwnParty(tx, actor),
    change: async (tx, party) => {
      const guest = await findGuest(tx)
      if (!guest) return refuse('not-found')
      if (await findMember(tx, actor, { email: guest.email })) return refuse('already-member')
      const { all } = await countMembers(tx, actor, { beside: actor.userId })
      const waiting = await countWaitingInvitations(tx, actor, { besideEmail: guest.email })
      if (all >= maxMembers || waiting >= maxWaiting) return refuse('too-many')
      await writeInvitation(tx, {
        party: actor,
        partyName: party.name,
        ...guest,
        by: actor,
        address,
        origin,
      })
      return ok({ email: guest.email })
    },
  })
}

/**
 * Writes an invitation, its mail and its audit row; those that waited for this address are withdrawn. Whether it may
 * be written is the caller's to know.
 * @param tx never the pool itself.
 * @param invitation.email in lower case, as `canonicalEmail` writes it.
 */
export async function writeInvitation(
  tx: Queryable,
  invitation: {
    party: Party
    partyName: string
    email: string
    role: Role
    by: { userId: string; userName: string }
    address: string | null
    /** Where people reach this server (`ownOrigin`): the mailed address begins with it. */
    origin: string
  },
): Promise<{ invitationId: string }> {
  const { party, partyName, email, role, by, address, origin } = invitation
  const columns = columnsOf(party)
  const { secret, hash } = createMailedSecret()
  const now = await currentTime(tx)
  const expiresAt = new Date(now.getTime() + invitationDays * dayMs)
  const invitationId = uuidv7({ msecs: now.getTime() })
  const replaced = await withdrawWaiting(tx, party, { email }, now)
  await recordAudit(
    tx,
    replaced.map(({ id, role: before }) => ({
      action: 'member.invitation-withdrawn' as const,
      occurredAt: now,
      by,
      ...columns,
      address,
      reason: 'replaced',
      details: { invitationId: id, email, role: before },
    })),
  )
  const { id: mailId } = await queueMail(tx, {
    userId: null,
    to: email,
    ...invitationMail({
      side: party.side,
      partyName,
      role,
      inviter: by.userName,
      expiresAt,
      link: `${origin}${mailedPaths.invitation(secret)}`,
    }),
    now,
    expiresAt,
  })
  await insertInvitation(tx, {
    id: invitationId,
    hash,
    ...columns,
    email,
    role,
    invitedAt: now,
    invitedBy: by.userId,
    invitedByName: by.userName,
    expiresAt,
    mailId,
  })
  await recordAudit(tx, [
    {
      action: 'member.invited',
      occurredAt: now,
      by,
      ...columns,
      address,
      details: { invitationId, email, role },
    },
  ])
  afterCommit(() => {
    for (const { id } of replaced)
      noticed('invitation', { what: 'replaced' }, { invitationId: id, ...columns })
    noticed('invitation', { what: 'written' }, { invitationId, ...columns })
  })
  return { invitationId }
}
