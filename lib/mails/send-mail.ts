import { markMailSent, noteMailProblem, type SpentBody, startMailAttempt } from '#db/queries/mails.ts'
import type { Database } from '../database.ts'
import type { Mailer } from './mailer.ts'
import { oneLine } from './one-line.ts'

export type SendTools = {
  db: Database
  mailer: Mailer
  /** `kept` in the demo, which shows what was sent. */
  sentBody: SpentBody
  /** What becomes of a mail that could not be sent: `given-up` at the last try. */
  ifUnsent: 'tried-again' | 'given-up'
}

const maxProblemLength = 500

/**
 * Sends one mail, unless it was sent before. Throws where it could not be sent; what the mail server refuses for good is
 * noted and given up instead. A process that dies between the sending and the note sends it again, under the same Message-ID.
 */
export async function sendMail(mailId: string, { db, mailer, sentBody, ifUnsent }: SendTools): Promise<void> {
  const mail = await startMailAttempt(db, mailId)
  if (!mail) return
  try {
    await mailer.send(mail)
  } catch (error) {
    const isFinal = isRefusedForGood(error)
    const problem = oneLine(error instanceof Error ? error.message : String(error), maxProblemLength)
    await noteMailProblem(db, mailId, { problem, outcome: isFinal ? 'given-up' : ifUnsent })
    if (isFinal) return
    throw error
  }
  await markMailSent(db, mailId, sentBody)
}

/** A 5xx about this mail or its address (RFC 5321, 4.2.1); one about our login or connection may be mended. */
function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number }
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500
}
