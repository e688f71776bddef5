import { TransactionRollbackError } from 'drizzle-orm'
import { bindIdentity, findUserByIdentity } from '#db/queries/people/user-identities.ts'
import { findUserByEmail } from '#db/queries/people/users.ts'
import { recordAudit } from '../../audit/record.ts'
import { notifyOfAccount } from '../../notifications/notify-of-account.ts'
import type { Database } from '../../process/database.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { canonicalEmail } from '../email.ts'
import type { SignedIn } from '../sessions/signed-in.ts'
import { type Origin, startSession } from '../sessions/start-session.ts'
import { openFirstStep } from './first-step.ts'
import type { StartedSession } from './sign-in.ts'

/**
 * `unknown-account`: nobody with this address, or disabled. Accounts are made here, never by the issuer.
 * `bound-to-another`: the account signs in as another subject of this issuer, so that the address has changed hands.
 */
export type IssuerRefusal = 'email-not-verified' | 'unknown-account' | 'bound-to-another'

/** Of an ID token whose signature, issuer, audience and nonce were checked, and of UserInfo about the same subject. */
export type IssuerClaims = {
  iss?: unknown
  sub?: unknown
  email?: unknown
  email_verified?: unknown
  /** How the issuer proved it (RFC 8176), to which level, and when, in seconds. */
  amr?: unknown
  acr?: unknown
  auth_time?: unknown
}

/** The account has a second factor here, and the issuer's does not count: `firstStep` goes into a cookie. */
export type SecondStep = { kind: 'second-step'; firstStep: string }

/** What is made of an issuer that does not say at all whether it has verified an address. */
export type WithoutVerified = 'refuse' | 'accept'

type Tools = {
  db: Database
  now: Date
  origin: Origin
  replaces: SignedIn | null
  withoutVerified: WithoutVerified
  /** Values of `amr` or `acr`; none by default. */
  countsAsSecondFactor?: readonly string[]
}

/**
 * Signs a person in whom the OpenID Connect issuer vouches for. Issuer and subject say who it is. Only where they are not known
 * yet, a verified address finds the account, which is bound to them from then on.
 */
export async function signInWithIssuer(
  claims: IssuerClaims,
  { db, now, origin, replaces, withoutVerified, countsAsSecondFactor = [] }: Tools,
): Promise<Result<StartedSession, IssuerRefusal | SecondStep>> {
  const { iss: issuer, sub: subject } = claims
  if (!isIdentifier(issuer) || !isIdentifier(subject)) return refuse('unknown-account')
  const known = await findUserByIdentity(db, { issuer, subject })
  const email = known ? null : verifiedEmail(claims, withoutVerified)
  if (!known && !email) return refuse('email-not-verified')
  const user = known ?? (email ? await findUserByEmail(db, email) : undefined)
  if (!user || user.disabledAt) return refuse('unknown-account')
  return db
    .transaction(async (tx): Promise<Result<StartedSession, IssuerRefusal | SecondStep>> => {
      if (!known) {
        const bound = await bindIdentity(tx, { issuer, subject, userId: user.id, boundAt: now })
        if (!bound) return refuse('bound-to-another')
        await recordAudit(tx, [
          {
            action: 'identity.bound',
            occurredAt: now,
            by: { userId: user.id, userName: user.name },
            address: origin.address,
            details: { issuer, subject, email: user.email },
          },
        ])
        await notifyOfAccount(tx, {
          ...{ action: 'identity.bound', occurredAt: now, address: origin.address },
          ...{ by: { userId: user.id, userName: user.name }, person: { userId: user.id, email: user.email } },
          what: 'Single sign-on was connected',
        })
      }
      const isSecond = isSecondFactor(claims, countsAsSecondFactor)
      if (!isSecond) {
        const firstStep = await openFirstStep(tx, { userId: user.id, method: 'single-sign-on' }, { now })
        if (firstStep) return refuse({ kind: 'second-step', firstStep })
      }
      const started = await startSession(tx, user, {
        method: 'single-sign-on',
        secondFactor: isSecond ? 'issuer' : null,
        provedAt: provedAtOf(claims, now),
        origin,
        replaces,
        now,
      })
      // Nothing has been bound by a sign-in that failed.
      if (!started.ok) return tx.rollback()
      return ok({ userId: user.id, ...started.value })
    })
    .catch((error: unknown): Result<StartedSession, IssuerRefusal | SecondStep> => {
      if (error instanceof TransactionRollbackError) return refuse('unknown-account')
      throw error
    })
}

/** The address, as `users` has it; null where the issuer does not vouch for it, or where another one folds to it. */
function verifiedEmail({ email, email_verified }: IssuerClaims, without: WithoutVerified): string | null {
  const isVerified =
    email_verified === true ||
    email_verified === 'true' ||
    (email_verified === undefined && without === 'accept')
  return isVerified && typeof email === 'string' && foldsBack(email) ? canonicalEmail(email) : null
}

/** Whether only the case is lost in lower case: the Kelvin sign, U+212A, would become a plain k, and somebody else's address. */
function foldsBack(email: string): boolean {
  if (email.normalize('NFKC') !== email) return false
  return [...email].every((letter) => {
    const lower = letter.toLowerCase()
    return lower === letter || lower.toUpperCase() === letter
  })
}

function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 2_000
}

function isSecondFactor({ amr, acr }: IssuerClaims, counting: readonly string[]): boolean {
  const said = [...(Array.isArray(amr) ? amr : []), acr]
  return said.some((value) => typeof value === 'string' && counting.includes(value))
}

/** When the issuer says that it proved the person; null where it does not say, or names a time to come. */
function provedAtOf({ auth_time: seconds }: IssuerClaims, now: Date): Date | null {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null
  const at = new Date(seconds * 1000)
  const clockSkewMs = 60_000
  if (at.getTime() > now.getTime() + clockSkewMs) return null
  return at < now ? at : now
}
