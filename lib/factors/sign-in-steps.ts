import { generateAuthenticationOptions } from '@simplewebauthn/server'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  deleteFirstSteps,
  findFirstStep,
  findPasskey,
  listPasskeys,
  takeRecoveryCode,
} from '#db/queries/people/factors.ts'
import { lockUser } from '#db/queries/people/users.ts'
import { hashMailedSecret } from '../auth/mailed-secret.ts'
import type { Assurance, SignedIn } from '../auth/sessions/signed-in.ts'
import { type Origin, startSession } from '../auth/sessions/start-session.ts'
import { type FirstStepMethod, openedFirstStep } from '../auth/sign-in/first-step.ts'
import { recordRefusedSignIn } from '../auth/sign-in/refused-sign-in.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import { consume } from '../rate-limits/limiter.ts'
import { ok, type Result, refuse } from '../result.ts'
import { createChallenge, type Purpose } from './challenge.ts'
import { ownChange } from './own-factors.ts'
import { recordFactorChange } from './record-change.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import { type PasskeyTools, verifyPasskey } from './verify-passkey.ts'

/** Of one account, in an hour, by whoever knows its password. */
const codeGuesses = { bucket: 'recovery-codes', points: 10, windowMinutes: 60 }

type SignInTools = { db: Database; origin: Origin; replaces: SignedIn | null; now: Date }

/** Whose session was opened: the browser that did it is known again at later guesses (device-mark.ts). */
export type Opened = { userId: string; sessionId: string; email: string }

/** What the browser answers with a passkey: any that it has of ours at sign-in, else one of the person's. */
export async function passkeyToShow(
  purpose: Purpose,
  person: { userId: string } | null,
  { db, rp, secret, now }: PasskeyTools & { db: Database },
) {
  const known = person ? await listPasskeys(db, person) : []
  return generateAuthenticationOptions({
    rpID: rp.id,
    challenge: createChallenge({ purpose, secret, now }),
    allowCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    userVerification: purpose.to === 'sign-in' ? 'required' : 'preferred',
  })
}

/** Signs a person in with a passkey alone, whose PIN, finger or face was asked for. */
export async function signInWithPasskey(
  shown: { answer: string; csrfToken: string },
  tools: SignInTools & PasskeyTools,
): Promise<Result<Opened, 'not-proven'>> {
  return noted('passkey', await openWithPasskey(shown, tools), tools)
}

async function openWithPasskey(
  { answer, csrfToken }: { answer: string; csrfToken: string },
  { db, origin, replaces, ...tools }: SignInTools & PasskeyTools,
): Promise<Result<Opened, 'not-proven'>> {
  const asked = { purpose: { to: 'sign-in', csrfToken }, verified: 'required' } as const
  const proven = await verifyPasskey(db, answer, asked, tools)
  if (!proven.ok) return proven
  const { userId } = proven.value
  const opened = await db.transaction(async (tx) => {
    const user = await lockUser(tx, { userId })
    // Looked at again under the lock: it may have been taken away meanwhile, and every session with it.
    const isKept = await findPasskey(tx, proven.value.credentialId)
    if (!user || user.disabledAt || !isKept) return refuse('not-proven' as const)
    return open(tx, user, 'passkey', 'passkey', { origin, replaces, now: tools.now })
  })
  return opened
}

/** `no-first-step`: too long ago, or the password was changed since. Then people sign in anew. */
export type SecondStepRefusal = 'no-first-step' | 'not-proven' | { kind: 'throttled'; waitSeconds: number }

/** Ends signing in with a passkey of the person whose first step it was. */
export async function finishWithPasskey(
  { answer, firstStep }: { answer: string; firstStep: string },
  { db, origin, replaces, ...tools }: SignInTools & PasskeyTools,
): Promise<Result<Opened, SecondStepRefusal>> {
  const step = await openedFirstStep(firstStep, { db, now: tools.now })
  if (!step) return refuse('no-first-step')
  const asked = { purpose: { to: 'second-step', firstStep }, verified: 'preferred' } as const
  const proven = await verifyPasskey(db, answer, asked, tools)
  const isTheirs = proven.ok && proven.value.userId === step.userId
  const opened = isTheirs
    ? await finish(firstStep, 'passkey', { db, origin, replaces, now: tools.now })
    : refuse('not-proven' as const)
  return noted('passkey', opened, { db, origin }, step)
}

/** Ends signing in with a recovery code, which works once. Ten guesses an hour. */
export async function finishWithRecoveryCode(
  { code, firstStep }: { code: string; firstStep: string },
  tools: SignInTools,
): Promise<Result<Opened, SecondStepRefusal>> {
  const step = await openedFirstStep(firstStep, tools)
  if (!step) return refuse('no-first-step')
  return noted('recovery-code', await openWithCode({ code, firstStep }, step, tools), tools, step)
}

async function openWithCode(
  { code, firstStep }: { code: string; firstStep: string },
  step: { userId: string },
  { db, origin, replaces, now }: SignInTools,
): Promise<Result<Opened, SecondStepRefusal>> {
  const waitSeconds = await consume(db, codeGuesses, step.userId)
  if (waitSeconds > 0) return refuse({ kind: 'throttled', waitSeconds })
  const hash = hashRecoveryCode(step.userId, code)
  if (!hash) return refuse('not-proven')
  return finish(firstStep, 'recovery-code', { db, origin, replaces, now }, async (tx, user) => {
    const at = await currentTime(tx)
    if (!(await takeRecoveryCode(tx, { userId: user.id, hash }, at))) return false
    await recordFactorChange(tx, {
      ...ownChange({ ...user, userId: user.id }, at, origin.address),
      action: 'recovery-code.used',
      what: 'A recovery code was used',
    })
    return true
  })
}

/** One line and one count of what came of it, and an audit row where it was refused. */
async function noted<T extends Result<Opened, SecondStepRefusal>>(
  method: 'passkey' | 'recovery-code',
  opened: T,
  { db, origin }: Pick<SignInTools, 'db' | 'origin'>,
  step?: { userId: string },
): Promise<T> {
  if (opened.ok) {
    noticed('sign_in', { method, outcome: 'signed-in' }, { address: origin.address })
    return opened
  }
  const { refusal } = opened
  const reason = typeof refusal === 'string' ? refusal : refusal.kind
  await recordRefusedSignIn({ method, reason, ...(step && { userId: step.userId }) }, { origin, db })
  return opened
}

type Person = NonNullable<Awaited<ReturnType<typeof lockUser>>>

async function finish(
  firstStep: string,
  secondFactor: NonNullable<Assurance['secondFactor']>,
  { db, ...tools }: SignInTools,
  take: (tx: Queryable, user: Person) => Promise<boolean> = async () => true,
): Promise<Result<Opened, SecondStepRefusal>> {
  return db.transaction(async (tx) => {
    const hash = hashMailedSecret(firstStep)
    const step = hash && (await findFirstStep(tx, hash, tools.now))
    const user = step && (await lockUser(tx, step))
    // Looked at again under the lock: a new password, or the same step elsewhere, has made it void.
    if (!user || user.disabledAt || !(await findFirstStep(tx, hash, tools.now)))
      return refuse('no-first-step')
    if (!(await take(tx, user))) return refuse('not-proven')
    await deleteFirstSteps(tx, { userId: user.id })
    const opened = await open(tx, user, step.method, secondFactor, tools)
    return opened.ok ? opened : refuse('no-first-step')
  })
}

async function open(
  tx: Queryable,
  user: Person,
  method: FirstStepMethod | 'passkey',
  secondFactor: Assurance['secondFactor'],
  tools: Omit<SignInTools, 'db'>,
): Promise<Result<Opened, 'not-proven'>> {
  const started = await startSession(tx, user, { method, secondFactor, ...tools })
  if (!started.ok) return refuse('not-proven')
  return ok({ userId: user.id, email: user.email, ...started.value })
}
