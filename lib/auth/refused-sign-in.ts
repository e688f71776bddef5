import { currentTime } from '#db/queries/current-time.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../database.ts'
import { isDatabaseOutage } from '../database-outage.ts'
import { log } from '../log.ts'
import { noticed } from '../web-events.ts'
import type { SignInRefusal } from './sign-in.ts'
import type { Origin } from './start-session.ts'

/**
 * One line, one count and, for a wrong password (ASVS 16.3.1), one audit row: the same whether the account exists, so that no
 * time tells it, and without what was typed, which may be a password. A throttled one has no row: strangers would fill the record.
 */
export async function recordRefusedSignIn(
  refusal: SignInRefusal,
  { origin, db }: { origin: Origin; db: Database },
): Promise<void> {
  const { address } = origin
  noticed('sign_in', { method: 'password', outcome: refusal.kind }, { address })
  if (refusal.kind !== 'wrong-credentials') return
  try {
    await db.transaction(async (tx) =>
      recordAudit(tx, [
        {
          action: 'sign-in.refused',
          occurredAt: await currentTime(tx),
          by: null,
          address,
          reason: refusal.kind,
          details: { method: 'password' },
        },
      ]),
    )
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'a refused sign-in could not be recorded')
  }
}
