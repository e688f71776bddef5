import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { findSameOpen, insertApplication, lockApplicant } from '#db/queries/partners/partner-applications.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { countMail } from '../rate-limits/throttle.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Application } from './schemas.ts'

/** Too many applications came from the same network. */
export type ApplyRefusal = TooOften

/**
 * Keeps an Application for Partner Access until an operator decides. Sent again while it waits it is the same one, and
 * answered alike: nobody learns who applied. Five an hour from a network.
 */
export async function applyForAccess(
  application: Application,
  { db, address }: { db: Database; address: string | null },
): Promise<Result<null, ApplyRefusal>> {
  const counted = await countMail('applications-from', address, { db })
  if (!counted.ok) return refuse({ kind: 'too-often', ...counted.refusal })
  return db.transaction(async (tx) => {
    await lockApplicant(tx, application.email)
    if (await findSameOpen(tx, application)) return ok(null)
    const now = await currentTime(tx)
    const id = uuidv7({ msecs: now.getTime() })
    await insertApplication(tx, { id, submittedAt: now, submittedFrom: address, ...application })
    const { company } = application
    await recordAudit(tx, [
      {
        action: 'application.submitted',
        occurredAt: now,
        by: null,
        address,
        details: { applicationId: id, company },
      },
    ])
    return ok(null)
  })
}
