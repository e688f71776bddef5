import { v4 as uuidv4 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { markAccepted } from '#db/queries/people/invitations.ts'
import { countMembers, insertMember, lockParty } from '#db/queries/people/members.ts'
import { findUserByEmail, insertUser } from '#db/queries/people/users.ts'
import { changing } from '../access/changing.ts'
import { columnsOf, type Party, partyOf } from '../access/party.ts'
import { asSignedIn } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { type GuessablePassword, guessable } from '../auth/passwords/guessable.ts'
import { hashPassword, PasswordWorkOverload } from '../auth/passwords/password.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { maxMembers } from './limits.ts'
import { type ClosedInvitation, findOpen } from './open-invitation.ts'

/** `too-many`: the store or partner has as many members as it can have. */
type Refusal = ClosedInvitation | 'too-many'
export type AcceptRefusal = Refusal | 'another-person' | 'signed-out'
export type JoinRefusal = Refusal | 'has-account' | 'overload' | GuessablePassword

type Tools = { db: Database; address: string | null }

/** The signed-in person accepts an invitation to their own e-mail address. Refuses `another-person`: it is to another. */
export async function acceptInvitation(
  user: SignedIn,
  { secret }: { secret: string },
  { db, address }: Tools,
): Promise<Result<Party, AcceptRefusal>> {
  return changing<Invitation, Party, AcceptRefusal>(asSignedIn(user), db, {
    lock: async (tx) => {
      const locked = await lockInvitation(tx, secret)
      return locked.ok && locked.value.email !== user.email ? refuse('another-person') : locked
    },
    change: (tx, invitation) => join(tx, invitation, { id: user.userId, name: user.name }, address),
  })
}

/**
 * Somebody without an account accepts: their account is made, with the address that was invited. That they have the secret
 * proves that the mailbox is theirs. Refuses `has-account`: then they sign in and accept.
 */
export async function joinByInvitation(
  { secret, name, password }: { secret: string; name: string; password: string },
  { db, address }: Tools,
): Promise<Result<Party, JoinRefusal>> {
  // Before any work is done on a password.
  const found = await findOpen(db, secret)
  if (!found.ok) return found
  if (await findUserByEmail(db, found.value.email)) return refuse('has-account')
  const { email, partyName, storeId, partnerId } = found.value
  const weakness = await guessable(password, [name, email, partyName, storeId ?? '', partnerId ?? ''])
  if (weakness) return refuse(weakness)
  const passwordHash = await hashPassword(password).catch((error: unknown) => {
    if (error instanceof PasswordWorkOverload) return null
    throw error
  })
  if (!passwordHash) return refuse('overload')
  return db.transaction(async (tx) => {
    const locked = await lockInvitation(tx, secret)
    if (!locked.ok) return locked
    const user = { id: uuidv4(), name }
    const { email } = locked.value
    const isNew = await insertUser(tx, { ...user, email, passwordHash, createdAt: await currentTime(tx) })
    if (!isNew) return refuse('has-account')
    return join(tx, locked.value, user, address)
  })
}

type Invitation = { id: string; storeId: string | null; partnerId: string | null; email: string } & Pick<
  Extract<Awaited<ReturnType<typeof findOpen>>, { ok: true }>['value'],
  'role'
>

/** The open invitation of this secret, its store or partner locked: of two who accept, the second finds it used. */
async function lockInvitation(tx: Queryable, secret: string): Promise<Result<Invitation, Refusal>> {
  const found = await findOpen(tx, secret)
  if (!found.ok) return found
  const party = partyOf(found.value)
  await lockParty(tx, party)
  const { all } = await countMembers(tx, party, { beside: found.value.id })
  if (all >= maxMembers) return refuse('too-many')
  return findOpen(tx, secret)
}

async function join(
  tx: Queryable,
  invitation: Invitation,
  user: { id: string; name: string },
  address: string | null,
): Promise<Result<Party, never>> {
  const { id, role, email } = invitation
  const party = partyOf(invitation)
  const now = await currentTime(tx)
  await markAccepted(tx, id, { at: now, userId: user.id })
  // Who has become a member meanwhile keeps the role that they have.
  if (await insertMember(tx, party, { userId: user.id, role })) {
    await recordAudit(tx, [
      {
        action: 'member.joined',
        occurredAt: now,
        by: { userId: user.id, userName: user.name, side: party.side },
        ...columnsOf(party),
        address,
        details: { invitationId: id, email, role },
      },
    ])
  }
  return ok(party)
}
