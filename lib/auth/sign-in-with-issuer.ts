import { findUserByEmail } from '#db/queries/users.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { canonicalEmail } from './email.ts'
import type { SignedIn } from './open-session.ts'
import type { StartedSession } from './sign-in.ts'
import { type Origin, startSession } from './start-session.ts'

/** `unknown-account`: nobody with this address, or disabled. Accounts are made here, never by the issuer. */
export type IssuerRefusal = 'email-not-verified' | 'unknown-account'

type Tools = { db: Database; now: Date; origin: Origin; replaces: SignedIn | null }

/**
 * Signs a person in whom the OpenID Connect issuer vouches for.
 * @param claims of an ID token whose signature, issuer, audience and nonce have been checked.
 */
export async function signInWithIssuer(
  claims: { email?: unknown; email_verified?: unknown },
  { db, now, origin, replaces }: Tools,
): Promise<Result<StartedSession, IssuerRefusal>> {
  const email = canonicalEmail(claims.email)
  if (!email || claims.email_verified !== true) return refuse('email-not-verified')
  const user = await findUserByEmail(db, email)
  if (!user || user.disabledAt) return refuse('unknown-account')
  const started = await startSession(db, user, { method: 'single-sign-on', origin, replaces, now })
  return started.ok ? ok({ userId: user.id, ...started.value }) : refuse('unknown-account')
}
