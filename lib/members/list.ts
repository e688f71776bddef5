import { currentTime } from '#db/queries/current-time.ts'
import { listWaitingInvitations } from '#db/queries/people/invitations.ts'
import { listMembersOf } from '#db/queries/people/members.ts'
import type { Actor } from '../access/actor.ts'
import { atOnce } from '../downloads/batches.ts'
import { readPage } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { maxMembers, maxWaiting } from './limits.ts'

export type MemberList = Awaited<ReturnType<typeof listMembers>>
export type ListedMember = MemberList['members'][number]
export type ListedInvitation = MemberList['invitations'][number]

/**
 * Who works for the actor's store or partner: 200 members at most, owners first. Owners see the invitations that
 * wait as well, 100 at most.
 */
export async function listMembers(actor: Actor, { db }: { db: Database }) {
  const [{ rows, next }, waiting, asOf] = await Promise.all([
    readPage({ size: maxMembers }, (limit) => listMembersOf(db, actor, limit)),
    actor.role === 'owner' ? listWaitingInvitations(db, actor, maxWaiting) : [],
    currentTime(db),
  ])
  return {
    members: rows.map((member) => ({ ...member, isSelf: member.userId === actor.userId })),
    /** Members that came from elsewhere than by invitation may be more than fit. */
    hasMore: next !== null,
    invitations: waiting.map((invitation) => ({ ...invitation, isExpired: invitation.expiresAt <= asOf })),
    asOf,
  }
}

/** All members, in the order of the list. */
export const allMembers = (actor: Actor) => atOnce((snapshot, limit) => listMembersOf(snapshot, actor, limit))
