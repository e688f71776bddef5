import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { insertMails } from '#db/queries/notifications/mails.ts'
import { oneLine } from '../../text/one-line.ts'

export type QueuedMail = {
  /** Null: somebody who is no user yet. */
  userId: string | null
  to: string
  /** One line of 250 characters is made of it. */
  subject: string
  /** Plain text; never a token's. */
  body: string
  /** Where one click ends mails of this kind (RFC 8058); without it the mail cannot be refused. */
  unsubscribeUrl?: string | null
  now: Date
  /** When the address in it is worth nothing any more: it does not go out later. */
  expiresAt?: Date
}

const maxSubjectLength = 250

/** Puts a mail among those to be sent, in the transaction that makes it due. The worker sends it, within seconds. */
export async function queueMail(tx: Queryable, mail: QueuedMail): Promise<{ id: string }> {
  const [queued] = await queueMails(tx, [mail])
  return queued as { id: string }
}

/** One statement, however many. */
export async function queueMails(tx: Queryable, list: QueuedMail[]): Promise<{ id: string }[]> {
  const rows = list.map(({ userId, to, subject, body, unsubscribeUrl, now, expiresAt }) => ({
    id: uuidv7(),
    userId,
    toAddress: to,
    subject: oneLine(subject, maxSubjectLength),
    body,
    unsubscribeUrl: unsubscribeUrl ?? null,
    createdAt: now,
    expiresAt: expiresAt ?? null,
  }))
  await insertMails(tx, rows)
  return rows.map(({ id }) => ({ id }))
}
