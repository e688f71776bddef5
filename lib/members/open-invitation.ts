import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { findInvitationByHash } from '#db/queries/people/invitations.ts'
import { findUserByEmail } from '#db/queries/people/users.ts'
import type { Role, Side } from '../access/actor.ts'
import { partyOf } from '../access/party.ts'
import { hashMailedSecret } from '../auth/mailed-secret.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'

/** Why an invitation cannot be accepted any more; `unknown`: there is none with this secret. */
export type ClosedInvitation = 'unknown' | 'used' | 'withdrawn' | 'expired'

/** What the holder of the secret learns. */
export type OpenInvitation = {
  side: Side
  partyName: string
  role: Role
  email: string
  invitedBy: string
  /** Somebody has an account with this address: they sign in, nobody else makes one. */
  hasAccount: boolean
}

/** What an invitation says to who has its secret. Strangers, without one, learn nothing. */
export async function openInvitation(
  secret: string,
  { db }: { db: Database },
): Promise<Result<OpenInvitation, ClosedInvitation>> {
  const found = await findOpen(db, secret)
  if (!found.ok) return found
  const { partyName, role, email, invitedBy } = found.value
  const { side } = partyOf(found.value)
  const hasAccount = (await findUserByEmail(db, email)) !== undefined
  return ok({ side, partyName, role, email, invitedBy, hasAccount })
}

type FoundInvitation = NonNullable<Awaited<ReturnType<typeof findInvitationByHash>>>

/** The invitation with this secret, while it can be accepted. */
export async function findOpen(
  db: Queryable,
  secret: string,
): Promise<Result<FoundInvitation, ClosedInvitation>> {
  const hash = hashMailedSecret(secret)
  const found = hash ? await findInvitationByHash(db, hash) : undefined
  if (!found) return refuse('unknown')
  if (found.acceptedAt) return refuse('used')
  if (found.withdrawnAt) return refuse('withdrawn')
  if (found.expiresAt <= (await currentTime(db))) return refuse('expired')
  return ok(found)
}
