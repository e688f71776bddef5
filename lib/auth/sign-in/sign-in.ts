import { findUserByEmail } from '#db/queries/people/users.ts'
import type { Database } from '../../process/database.ts'
import { countGuess } from '../../rate-limits/throttle.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { canonicalEmail } from '../email.ts'
import { maxPasswordLength } from '../limits.ts'
import { PasswordWorkOverload, verifyPassword } from '../passwords/password.ts'
import { createDeviceMark, readDeviceMark } from '../sessions/device-mark.ts'
import type { SignedIn } from '../sessions/signed-in.ts'
import { type Origin, startSession } from '../sessions/start-session.ts'
import { openFirstStep } from './first-step.ts'

export type StartedSession = { userId: string; sessionId: string }

/**
 * `wrong-credentials`: unknown, without a password, disabled, or wrong: which of them is nobody's business.
 * `overload`: more people sign in than this server can check at the moment.
 */
export type SignInRefusal =
  | { kind: 'wrong-credentials' }
  | { kind: 'throttled'; waitSeconds: number }
  | { kind: 'overload' }
  /** The password is right, and the account has a second factor: `firstStep` goes into a cookie, and is no session. */
  | { kind: 'second-step'; firstStep: string }

type Tools = {
  db: Database
  now: Date
  origin: Origin
  /** The session that the browser had before. */
  replaces: SignedIn | null
  /** What device marks are signed with. */
  secret: string
}

/**
 * Signs a person in by e-mail address and password. Every kind of wrong takes the same way and the same time.
 * @param typed as it came from the form, and the mark that the browser showed; nothing is assumed of either.
 * @returns with the session a new mark for this browser.
 */
export async function signInWithPassword(
  typed: { email: unknown; password: unknown; deviceMark?: string | undefined },
  { db, now, origin, replaces, secret }: Tools,
): Promise<Result<StartedSession & { deviceMark: string }, SignInRefusal>> {
  const email = canonicalEmail(typed.email)
  const { password } = typed
  if (!email || typeof password !== 'string' || password.length > maxPasswordLength) {
    return refuse({ kind: 'wrong-credentials' })
  }

  const device = readDeviceMark(typed.deviceMark, { email, secret, now })
  const guess = await countGuess({ email, address: origin.address, device }, { db })
  if (!guess.ok) return refuse({ kind: 'throttled', ...guess.refusal })

  const user = await findUserByEmail(db, email)
  const usable = user && !user.disabledAt ? user : undefined
  const isRight = await verifyPassword(usable?.passwordHash ?? null, password).catch((error: unknown) => {
    if (error instanceof PasswordWorkOverload) return 'overload' as const
    throw error
  })
  if (isRight === 'overload') return refuse({ kind: 'overload' })
  if (!isRight || !usable) return refuse({ kind: 'wrong-credentials' })

  const firstStep = await openFirstStep(db, { userId: usable.id, method: 'password' }, { now })
  if (firstStep) {
    await guess.value.succeeded()
    return refuse({ kind: 'second-step', firstStep })
  }
  const started = await startSession(db, usable, { method: 'password', origin, replaces, now })
  if (!started.ok) return refuse({ kind: 'wrong-credentials' })
  await guess.value.succeeded()
  return ok({ userId: usable.id, ...started.value, deviceMark: createDeviceMark({ email, secret, now }) })
}
