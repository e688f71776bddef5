import type { roles } from '#db/schema/members.ts'
import type { Party } from './party.ts'

export type Side = Party['side']
export type Role = (typeof roles)[number]

/**
 * A signed-in person at work for one store or one partner, or a program with a service credential of theirs: the scope of everything asked
 * in their name.
 */
export type Actor = Party & ActingPerson

export type ActingPerson = {
  userId: string
  userName: string
  role: Role
  /** Through which session; it is looked at again after every lock that a request waits for. Only tests act without one. */
  sessionId?: string
  /** With which a program acts: then the person is who made it, who may work there no longer. */
  credential?: ActingCredential
}

export type ActingCredential = { id: string; name: string }

/** What a record says of whoever acted: of a program its credential by name, and nobody's role. */
export type RecordedActing = Pick<ActingPerson, 'userId' | 'userName'> & { userRole: Role | null }

export function recordedActing({ userId, userName, role, credential }: ActingPerson): RecordedActing {
  return { userId, userName, userRole: credential ? null : role }
}

/** What the details of a record say beside it, by which it is seen that no person acted. */
export function detailsOfActing({
  credential,
}: Pick<ActingPerson, 'credential'>): Record<string, string> | null {
  return credential ? { byCredential: credential.id } : null
}

/**
 * A program that presented a token of the partner's. Possession proves no more than itself: it may end this one
 * token (RFC 7009). It is no `Actor` and has no role, so that no other verb and no list takes it.
 */
export type TokenHolder = {
  by: 'program'
  tokenId: string
  side?: never
  storeId: string
  partnerId: string
}

/** Viewers see tokens; owners and administrators issue, renew and revoke them. */
export function mayChangeTokens(actor: Pick<Actor, 'role'>): boolean {
  switch (actor.role) {
    case 'owner':
    case 'administrator':
      return true
    case 'viewer':
      return false
  }
}
