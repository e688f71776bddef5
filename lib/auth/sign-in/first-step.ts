import type { Queryable } from '#db/client.ts'
import { countUnusedCodes, findFirstStep, hasPasskey, insertFirstStep } from '#db/queries/people/factors.ts'
import type { Database } from '../../process/database.ts'
import { createMailedSecret, hashMailedSecret } from '../mailed-secret.ts'

export const firstStepMinutes = 10

/** By what an account with a second factor may be asked for it. */
export type FirstStepMethod = 'password' | 'single-sign-on'

/**
 * Notes that the password, or single sign-on, was right, where the account has a second factor.
 * @returns the secret for the browser's cookie; null where the first step is all there is.
 */
export async function openFirstStep(
  db: Queryable,
  { userId, method }: { userId: string; method: FirstStepMethod },
  { now }: { now: Date },
): Promise<string | null> {
  if (!(await hasPasskey(db, { userId }))) return null
  const { secret, hash } = createMailedSecret()
  const expiresAt = new Date(now.getTime() + firstStepMinutes * 60_000)
  await insertFirstStep(db, { hash, userId, method, createdAt: now, expiresAt })
  return secret
}

/** What the page of the second step may say; null where the first one is missing, too old or void. */
export async function openedFirstStep(
  firstStep: string | undefined,
  { db, now }: { db: Database; now: Date },
): Promise<{ userId: string; codesLeft: number } | null> {
  const hash = hashMailedSecret(firstStep)
  const step = hash && (await findFirstStep(db, hash, now))
  return step ? { userId: step.userId, codesLeft: await countUnusedCodes(db, step) } : null
}
