import { currentTime } from '#db/queries/current-time.ts'
import { deleteFirstSteps } from '#db/queries/people/factors.ts'
import { findOpenReset } from '#db/queries/people/password-resets.ts'
import { endLiveSessions } from '#db/queries/people/sessions.ts'
import { findUserById, lockUser, updateUser } from '#db/queries/people/users.ts'
import { recordAudit } from '../../audit/record.ts'
import type { Database } from '../../process/database.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { hashMailedSecret } from '../mailed-secret.ts'
import { endResets } from './end-resets.ts'
import { type GuessablePassword, guessable } from './guessable.ts'
import { knownAbout } from './known-about.ts'
import { notifyOfPassword } from './notify-of-password.ts'
import { hashPassword, PasswordWorkOverload } from './password.ts'

/** `void`: unknown, used, expired, replaced by a newer one, or of somebody who may not sign in. */
export type ResetRefusal = 'void' | 'overload' | GuessablePassword

/** Whether a mailed address still sets a password. */
export async function isResetOpen(secret: string, { db }: { db: Database }): Promise<boolean> {
  const hash = hashMailedSecret(secret)
  if (!hash) return false
  return (await findOpenReset(db, hash, await currentTime(db))) !== undefined
}

/** Sets the password of who has the mailed secret, once, and ends all their sessions. Of two at once one wins. */
export async function resetPassword(
  { secret, password }: { secret: string; password: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<null, ResetRefusal>> {
  const hash = hashMailedSecret(secret)
  // Before any work is done on a password.
  const open = hash && (await findOpenReset(db, hash, await currentTime(db)))
  const owner = open && (await findUserById(db, open))
  if (!owner) return refuse('void')
  const weakness = await guessable(password, await knownAbout(db, { ...owner, userId: owner.id }))
  if (weakness) return refuse(weakness)
  const passwordHash = await hashPassword(password).catch((error: unknown) => {
    if (error instanceof PasswordWorkOverload) return null
    throw error
  })
  if (!passwordHash) return refuse('overload')
  return db.transaction(async (tx) => {
    const found = await findOpenReset(tx, hash, await currentTime(tx))
    const user = found && (await lockUser(tx, found))
    if (!user?.passwordHash || user.disabledAt) return refuse('void')
    // Asked again under the lock: whoever was before us has used it.
    const now = await currentTime(tx)
    if (!(await findOpenReset(tx, hash, now))) return refuse('void')
    const userId = user.id
    await endResets(tx, { userId }, now)
    await deleteFirstSteps(tx, { userId })
    await updateUser(tx, { userId }, { passwordHash })
    const ended = await endLiveSessions(tx, { userId, which: 'all' }, now)
    const noted = { occurredAt: now, by: { userId, userName: user.name }, address }
    await recordAudit(tx, [
      { action: 'password.reset', ...noted },
      ...ended.map((sessionId) => ({
        action: 'session.ended' as const,
        ...noted,
        reason: 'password-reset',
        details: { sessionId },
      })),
    ])
    await notifyOfPassword(tx, { userId, email: user.email }, { kind: 'password.reset', address, now })
    return ok(null)
  })
}
