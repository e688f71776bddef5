import { listMails } from '#db/queries/notifications/mails.ts'
import { readPage } from '../../http/paging.ts'
import type { Database } from '../../process/database.ts'

const mailsAPage = 20

/** Everybody's mails, the newest first: only the demo shows them. @param before the id of a mail: those older than it. */
export async function readDemoMails({ before }: { before?: string | undefined }, { db }: { db: Database }) {
  const page = await readPage({ size: mailsAPage }, (limit) => listMails(db, { before, limit }))
  return { mails: page.rows, older: page.next?.id ?? null }
}
