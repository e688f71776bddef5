import { findPartnerMembership, findStoreMembership } from '#db/queries/people/members.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'
import type { Actor } from './actor.ts'

export type MerchantActor = Extract<Actor, { side: 'merchant' }>
export type PartnerActor = Extract<Actor, { side: 'partner' }>

/**
 * The person at work for the store; null where he does not work for it or there is no such store, which are
 * not told apart. Proven anew in every page and every action: an id from a URL or a form is only a claim.
 */
export async function actorForStore(
  user: SignedIn,
  storeId: string,
  { db }: { db: Database },
): Promise<MerchantActor | null> {
  if (!/^[A-Za-z0-9-]{1,50}$/.test(storeId)) return null
  const membership = await findStoreMembership(db, { userId: user.userId, storeId })
  if (!membership) return null
  return {
    side: 'merchant',
    userId: user.userId,
    userName: user.name,
    role: membership.role,
    storeId,
    sessionId: user.sessionId,
  }
}

/** The person at work for the partner; null where he does not work for it or there is no such partner. */
export async function actorForPartner(
  user: SignedIn,
  partnerId: string,
  { db }: { db: Database },
): Promise<PartnerActor | null> {
  if (!/^ypa-[0-9]{12}$/.test(partnerId)) return null
  const membership = await findPartnerMembership(db, { userId: user.userId, partnerId })
  if (!membership) return null
  return {
    side: 'partner',
    userId: user.userId,
    userName: user.name,
    role: membership.role,
    partnerId,
    sessionId: user.sessionId,
  }
}
