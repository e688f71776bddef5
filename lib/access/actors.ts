import { findRole } from '#db/queries/people/members.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'
import type { ActingPerson, Actor, Side } from './actor.ts'
import { idOf, type Party } from './party.ts'

export type MerchantActor = Extract<Actor, { side: 'merchant' }>
export type PartnerActor = Extract<Actor, { side: 'partner' }>

const spelledAs: Record<Side, RegExp> = {
  merchant: /^[A-Za-z0-9-]{1,50}$/,
  partner: /^ypa-[0-9]{12}$/,
}

/**
 * The person at work for the store or partner; null where they do not work for it or there is none, which are
 * not distinguished. Proven anew in every page and every action: an id from a URL or a form is only a claim.
 */
export async function actorFor<Of extends Party>(
  user: SignedIn,
  party: Of,
  { db }: { db: Database },
): Promise<(Of & ActingPerson) | null> {
  if (!spelledAs[party.side].test(idOf(party))) return null
  const role = await findRole(db, party, user)
  if (!role) return null
  return { ...party, userId: user.userId, userName: user.name, role, sessionId: user.sessionId }
}
