import { currentTime } from '#db/queries/current-time.ts'
import { recordAudit } from '../../audit/record.ts'
import type { Database } from '../../process/database.ts'
import { isDatabaseOutage } from '../../process/database-outage.ts'
import { log } from '../../process/log.ts'
import { noticed } from '../../process/web-events.ts'
import type { Origin } from '../sessions/start-session.ts'

export type SignInMethod = 'password' | 'single-sign-on' | 'passkey' | 'recovery-code'

/**
 * What has a row of its own (ASVS 16.3.1). Not what strangers can send without end: a throttled password, and a passkey that
 * nobody has proven anything before.
 */
const recorded: Record<SignInMethod, readonly string[]> = {
  password: ['wrong-credentials'],
  'single-sign-on': ['email-not-verified', 'unknown-account', 'bound-to-another'],
  passkey: [],
  'recovery-code': ['not-proven'],
}

/**
 * One line, one count and one audit row where {@link recorded} says so: the same whether the account exists, so that no time
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
  if (!recorded[method].includes(reason) && !isSecondStep) return
  try {
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
