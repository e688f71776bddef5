import { updateProof } from '#db/queries/people/factors.ts'
import { findUserByEmail } from '#db/queries/people/users.ts'
import { recordAudit } from '../audit/record.ts'
import { maxPasswordLength } from '../auth/limits.ts'
import { PasswordWorkOverload, verifyPassword } from '../auth/passwords/password.ts'
import type { Assurance, SignedIn } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'
import { countOwnGuess } from '../rate-limits/throttle.ts'
import { ok, type Result, refuse } from '../result.ts'
import { freshMinutes } from './limits.ts'
import { type PasskeyTools, verifyPasskey } from './verify-passkey.ts'

/** Whether the session's last proof is young enough for what destroys or reveals. */
export function isFresh({ provedAt }: Pick<Assurance, 'provedAt'>, now: Date): boolean {
  return provedAt !== null && now.getTime() - provedAt.getTime() < freshMinutes * 60_000
}

export type ProveRefusal =
  | 'wrong-password'
  | 'not-proven'
  | 'overload'
  | { kind: 'throttled'; waitSeconds: number }
type Tools = { db: Database; address: string | null; now: Date }

/** The person gives the password once more, for the session in use. Guesses count as those at changing it: they are of the same password. */
export async function proveWithPassword(
  user: SignedIn,
  { password }: { password: string },
  { db, address, now }: Tools,
): Promise<Result<null, ProveRefusal>> {
  const guess = await countOwnGuess(user, { db })
  if (!guess.ok) return refuse({ kind: 'throttled', ...guess.refusal })
  if (password.length > maxPasswordLength) return refuse('wrong-password')
  const account = await findUserByEmail(db, user.email)
  const isRight = await verifyPassword(account?.passwordHash ?? null, password).catch((error: unknown) => {
    if (error instanceof PasswordWorkOverload) return 'overload' as const
    throw error
  })
  if (isRight === 'overload') return refuse('overload')
  if (!isRight) return refuse('wrong-password')
  await guess.value.succeeded()
  await note(user, { provedAt: now }, 'password', { db, address, now })
  return ok(null)
}

/** The person shows a passkey once more; the session has a second factor from then on. */
export async function proveWithPasskey(
  user: SignedIn,
  { answer }: { answer: string },
  { db, address, ...tools }: Tools & PasskeyTools,
): Promise<Result<null, ProveRefusal>> {
  const purpose = { to: 'prove', sessionId: user.sessionId } as const
  const proven = await verifyPasskey(db, answer, { purpose, verified: 'preferred' }, tools)
  if (!proven.ok || proven.value.userId !== user.userId) return refuse('not-proven')
  const { now } = tools
  await note(user, { provedAt: now, secondFactor: 'passkey' }, 'passkey', { db, address, now })
  return ok(null)
}

async function note(
  user: SignedIn,
  proof: { provedAt: Date; secondFactor?: 'passkey' },
  method: string,
  { db, address, now }: Tools,
) {
  await db.transaction(async (tx) => {
    await updateProof(tx, user, proof)
    await recordAudit(tx, [
      {
        action: 'session.proved',
        occurredAt: now,
        by: { userId: user.userId, userName: user.name },
        address,
        details: { sessionId: user.sessionId, method },
      },
    ])
  })
}
