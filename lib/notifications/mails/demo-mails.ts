import { listMails } from '#db/queries/notifications/mails.ts'
import type { Database } from '../../process/database.ts'

const mailsAPage = 20

/** Everybody's mails, the newest first: only the demo shows them. @param before the id of a mail: those older than it. */
export async function readDemoMails({ before }: { before?: string | undefined }, { db }: { db: Database }) {
  const found = await listMails(db, { before, limit: mailsAPage + 1 })
  const mails = found.slice(0, mailsAPage)
  return { mails, older: found.length > mailsAPage ? (mails.at(-1)?.id ?? null) : null }
}
