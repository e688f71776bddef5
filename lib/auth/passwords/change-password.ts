import { currentTime } from '#db/queries/current-time.ts'
import { deleteFirstSteps } from '#db/queries/people/factors.ts'
import { endLiveSessions } from '#db/queries/people/sessions.ts'
import { findUserByEmail, lockUser, updateUser } from '#db/queries/people/users.ts'
import { changing } from '../../access/changing.ts'
import { asSignedIn } from '../../access/rights.ts'
import { recordAudit } from '../../audit/record.ts'
import type { Database } from '../../process/database.ts'
import { countOwnGuess } from '../../rate-limits/throttle.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { maxPasswordLength } from '../limits.ts'
import { renewSession } from '../sessions/renew-session.ts'
import type { SignedIn } from '../sessions/signed-in.ts'
import { endResets } from './end-resets.ts'
import { type GuessablePassword, guessable } from './guessable.ts'
import { knownAbout } from './known-about.ts'
import { notifyOfPassword } from './notify-of-password.ts'
import { hashPassword, PasswordWorkOverload, verifyPassword } from './password.ts'

/** `no-password`: the person signs in through OpenID Connect only. */
export type ChangePasswordRefusal =
  | 'signed-out'
  | 'wrong-password'
  | 'no-password'
  | 'overload'
  | GuessablePassword
  | { kind: 'throttled'; waitSeconds: number }

/** How many other sessions were ended, and the new id of the one in use. */
type Changed = { ended: number; sessionId: string }

/**
 * Sets a new password for who knows the old one, and ends all other sessions; the one in use goes on under a
 * new id. Guesses count by session: what strangers guess at the sign-in page costs the signed-in person nothing.
 */
export async function changePassword(
  user: SignedIn,
  { current, password }: { current: string; password: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<Changed, ChangePasswordRefusal>> {
  const account = await findUserByEmail(db, user.email)
  if (!account?.passwordHash) return refuse('no-password')
  const { passwordHash: oldHash } = account
  // Before it costs a guess: nothing of the old password shows in it.
  const weakness = await guessable(password, await knownAbout(db, user))
  if (weakness) return refuse(weakness)
  const guess = await countOwnGuess(user, { db })
  if (!guess.ok) return refuse({ kind: 'throttled', ...guess.refusal })
  if (current.length > maxPasswordLength) return refuse('wrong-password')
  let newHash: string
  try {
    if (!(await verifyPassword(oldHash, current))) return refuse('wrong-password')
    newHash = await hashPassword(password)
  } catch (error) {
    if (error instanceof PasswordWorkOverload) return refuse('overload')
    throw error
  }
  await guess.value.succeeded()
  return changing<null, Changed, 'wrong-password' | 'signed-out'>(asSignedIn(user), db, {
    async lock(tx) {
      const locked = await lockUser(tx, user)
      // Changed by somebody else since it was compared; that this ended the session as well comes second.
      return locked?.passwordHash === oldHash ? ok(null) : refuse('wrong-password')
    },
    async change(tx) {
      const now = await currentTime(tx)
      const renewed = await renewSession(tx, user, now)
      if (!renewed) return refuse('signed-out')
      await updateUser(tx, user, { passwordHash: newHash })
      await endResets(tx, user, now)
      await deleteFirstSteps(tx, user)
      const others = { userId: user.userId, otherThan: renewed.sessionId }
      const ended = await endLiveSessions(tx, others, now)
      const noted = { occurredAt: now, by: { userId: user.userId, userName: user.name }, address }
      await recordAudit(tx, [
        { action: 'password.changed', ...noted },
        ...ended.map((sessionId) => ({
          action: 'session.ended' as const,
          ...noted,
          reason: 'password-changed',
          details: { sessionId },
        })),
      ])
      await notifyOfPassword(
        tx,
        { ...user, email: account.email },
        { kind: 'password.changed', address, now },
      )
      return ok({ ended: ended.length, sessionId: renewed.sessionId })
    },
  })
}

/** Whether the person has a password to change; without one they sign in through OpenID Connect. */
export async function hasPassword(user: SignedIn, { db }: { db: Database }): Promise<boolean> {
  return Boolean((await findUserByEmail(db, user.email))?.passwordHash)
}
