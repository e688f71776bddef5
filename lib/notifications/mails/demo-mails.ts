import { listMails } from '#db/queries/notifications/mails.ts'
import { idKeys, readPage, readPlace, writeCursor } from '../../http/paging.ts'
import type { Database } from '../../process/database.ts'

const mailsAPage = 20

/** Everybody's mails, the newest first: only the demo shows them. @param after a cursor: the mails older than its own. */
export async function readDemoMails({ after }: { after?: string | undefined }, { db }: { db: Database }) {
  const place = readPlace({ after }, idKeys)
  const { rows, next } = await readPage({ size: mailsAPage }, (limit) =>
    listMails(db, { after: place?.keys, limit }),
  )
  return { mails: rows, isFirst: !place, older: next && writeCursor([next.id]) }
}
