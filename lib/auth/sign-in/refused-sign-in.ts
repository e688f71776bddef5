import { currentTime } from '#db/queries/current-time.ts'
import { recordAudit } from '../../audit/record.ts'
import type { Database } from '../../process/database.ts'
import { isDatabaseOutage } from '../../process/database-outage.ts'
import { log } from '../../process/log.ts'
import { noticed } from '../../process/web-counters.ts'
import { countRecord } from '../../rate-limits/throttle.ts'
import type { Origin } from '../sessions/start-session.ts'

export type SignInMethod = 'password' | 'single-sign-on' | 'passkey' | 'recovery-code'

/** What has a row of its own (ASVS 16.3.1). */
const recorded: Record<SignInMethod, readonly string[]> = {
  password: [],
  'single-sign-on': ['email-not-verified', 'unknown-account', 'bound-to-another'],
  passkey: [],
  'recovery-code': ['not-proven'],
}

/** What strangers can send without end: the first of a network and a reason have a row, the others a line and a count. */
const recordedAtFirst: Record<SignInMethod, readonly string[]> = {
  password: ['wrong-credentials', 'throttled', 'stale-form'],
  'single-sign-on': ['issuer-failed', 'unknown-callback'],
  passkey: ['not-proven'],
  'recovery-code': ['throttled'],
}

/**
 * One line, one count and one audit row where the two lists above say so: the same whether the account exists, so that no time
 * tells it, and without what was typed, which may be a password.
 * @param userId whose first step it was, where one was taken before.
 */
export async function recordRefusedSignIn(
  { method, reason, userId }: { method: SignInMethod; reason: string; userId?: string },
  { origin, db }: { origin: Pick<Origin, 'address'>; db: Database },
): Promise<void> {
  const { address } = origin
  noticed('sign_in', { method, outcome: reason }, { address, ...(userId && { userId }) })
  const isSecondStep = userId !== undefined && reason === 'not-proven'
  const isRecorded = isSecondStep || recorded[method].includes(reason)
  if (!isRecorded && !recordedAtFirst[method].includes(reason)) return
  try {
    if (!isRecorded && !(await countRecord({ address, what: `${method} ${reason}` }, { db }))) return
    await db.transaction(async (tx) =>
      recordAudit(tx, [
        {
          action: 'sign-in.refused',
          occurredAt: await currentTime(tx),
          by: null,
          address,
          reason,
          details: { method, ...(userId && { userId }) },
        },
      ]),
    )
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'a refused sign-in could not be recorded')
  }
}
