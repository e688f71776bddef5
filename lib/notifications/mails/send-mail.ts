import {
  dropMailToDisabled,
  type GivenUpMail,
  giveUpMail,
  markMailSent,
  noteMailProblem,
  type SpentBody,
  startMailAttempt,
} from '#db/queries/notifications/mails.ts'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import type { Database } from '../../process/database.ts'
import { oneLine } from '../../text/one-line.ts'
import { isFinalRefusal } from './final-refusal.ts'
import type { Mailer } from './mailer.ts'

export type SendTools = {
  db: Database
  mailer: Mailer
  /** `kept` in the demo, which shows what was sent. */
  sentBody: SpentBody
  /** What becomes of a mail that could not be sent: `given-up` at the last try. */
  ifUnsent: 'tried-again' | 'given-up'
  /** Called where it is given up, for the log and the counts. */
  onGivenUp?: (mail: GivenUpMail) => void
}

const maxProblemLength = 500

/**
 * Sends one mail, unless it was sent before or its person was disabled since. Throws where it could not be sent. What the mail
 * server refuses for good is noted and given up instead. Where a process dies between the sending and the note, the mail is sent
 * again under the same Message-ID.
 */
export async function sendMail(mailId: string, tools: SendTools): Promise<void> {
  const { db, mailer, sentBody, ifUnsent, onGivenUp } = tools
  const mail = await startMailAttempt(db, mailId)
  if (!mail) return dropMailToDisabled(db, mailId)
  const checkpoint = (await findNewestCheckpoint(db))?.note
  try {
    await mailer.send({ ...mail, checkpoint })
  } catch (error) {
    const isFinal = isFinalRefusal(error)
    const problem = oneLine(error instanceof Error ? error.message : String(error), maxProblemLength)
    if (isFinal || ifUnsent === 'given-up') {
      await giveUpMail(db, mailId, problem)
      onGivenUp?.({ id: mailId, problem })
    } else await noteMailProblem(db, mailId, problem)
    if (isFinal) return
    throw error
  }
  await markMailSent(db, mailId, sentBody)
}
