import { currentTime } from '#db/queries/current-time.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import { recordAudit } from './record.ts'

/** Rights that somebody does not have (ASVS 16.3.2) are on record as well. */
const refusalsOfRights = ['not-allowed', 'not-found']

/** What a signed-in person was refused: one line, one count and, where a right was missing, one audit row. */
export async function noteRefusedAction(
  { userId, name }: { userId: string; name: string },
  refusal: string,
  { db, address }: { db: Database; address: string | null },
): Promise<void> {
  noticed('refused_action', { refusal }, { userId, address })
  if (!refusalsOfRights.includes(refusal)) return
  await db.transaction(async (tx) =>
    recordAudit(tx, [
      {
        ...{ action: 'action.refused', occurredAt: await currentTime(tx), address, reason: refusal },
        by: { userId, userName: name },
      },
    ]),
  )
}
