import { currentTime } from '#db/queries/current-time.ts'
import { columnsOf, type Party } from '../access/party.ts'
import type { DownloadRefusal } from '../downloads/download.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import { recordAudit } from './record.ts'

/** `begun`: the file is on its way. `from-another-site`: another page led the browser here. */
export type DownloadOutcome = 'begun' | 'not-found' | 'unreadable' | 'from-another-site' | DownloadRefusal

type Asked = {
  outcome: DownloadOutcome
  /** The page of the list, without what was searched for. */
  page: string
  /** What the file is called; none where there is no such list for them. */
  list?: string
  /** Whose list it is; null where it is the person's own, or the platform's. */
  party: Party | null
}

/**
 * What came of a list that somebody asked for as a file: one line and one count. On record is what was handed out, and what
 * somebody has no right to (ASVS 16.3.2).
 */
export async function noteDownload(
  { userId, name }: { userId: string; name: string },
  { outcome, page, list, party }: Asked,
  { db, address }: { db: Database; address: string | null },
): Promise<void> {
  noticed('download', { outcome }, { userId, address, page })
  if (outcome !== 'begun' && outcome !== 'not-found') return
  await db.transaction(async (tx) => {
    const event = { occurredAt: await currentTime(tx), by: { userId, userName: name }, address }
    await recordAudit(tx, [
      outcome === 'begun'
        ? {
            ...event,
            ...{ action: 'list.downloaded', details: { page, ...(list && { list }) } },
            // Whose member they were is known by then.
            ...(party && columnsOf(party)),
          }
        : { ...event, action: 'action.refused', reason: outcome, details: { page } },
    ])
  })
}
