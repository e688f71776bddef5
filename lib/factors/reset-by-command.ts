import { currentTime } from '#db/queries/current-time.ts'
import { findUserByEmail, lockUser } from '#db/queries/people/users.ts'
import { canonicalEmail } from '../auth/email.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { removeFactors } from './remove-factors.ts'

/**
 * What no owner may do, because others rely on it as well: takes the second factor of whoever has lost it, an operator or a
 * member of several parties among them. For those who run the installation, with its database at hand.
 * Refuses `unknown`: nobody has this address.
 */
export async function resetFactorsByCommand(
  { email: typed }: { email: string },
  { db }: { db: Database },
): Promise<Result<{ name: string; passkeys: number; sessions: number }, 'unknown'>> {
  const email = canonicalEmail(typed)
  const found = email ? await findUserByEmail(db, email) : undefined
  if (!found) return refuse('unknown')
  return db.transaction(async (tx) => {
    const user = await lockUser(tx, { userId: found.id })
    if (!user) return refuse('unknown')
    const removed = await removeFactors(tx, {
      occurredAt: await currentTime(tx),
      by: null,
      address: null,
      reason: 'by-command',
      person: { userId: user.id, email: user.email },
      what: 'Your passkeys and recovery codes were removed by those who run this product',
    })
    return ok({ name: user.name, ...removed })
  })
}
