import { type GivenUpMail, giveUpMails } from '#db/queries/notifications/mails.ts'
import type { Database } from '../../process/database.ts'

const atOnce = 500

/**
 * A job: gives up mails that come too late, and those whose last try came to no end.
 * @param onGivenUp is called for each, for the log and the counts.
 */
export async function giveUpSpentMails({
  db,
  signal,
  onGivenUp,
}: {
  db: Database
  signal: AbortSignal
  onGivenUp: (mail: GivenUpMail) => void
}): Promise<void> {
  for (;;) {
    const { givenUp, mayBeMore } = await giveUpMails(db, atOnce)
    for (const mail of givenUp) onGivenUp(mail)
    if (!mayBeMore || signal.aborted) return
  }
}
