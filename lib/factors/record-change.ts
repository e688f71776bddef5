import type { Queryable } from '#db/client.ts'
import { columnsOf, type Party } from '../access/party.ts'
import { type AuditEvent, recordAudit } from '../audit/record.ts'
import { queueMail } from '../notifications/mails/queue-mail.ts'
import { log } from '../process/log.ts'

type Change = Pick<AuditEvent, 'action' | 'occurredAt' | 'by' | 'address' | 'details'> & {
  /** Whose second factor it is. */
  person: { userId: string; email: string }
  /** What they read: `A passkey was added`. */
  what: string
  party?: Party
}

/** Audit row, log line and mail of a change to somebody's second factor, in its transaction. */
export async function recordFactorChange(tx: Queryable, change: Change): Promise<void> {
  const { person, what, party, ...event } = change
  await recordAudit(tx, [{ ...event, ...(party && columnsOf(party)) }])
  log.info({ action: event.action, userId: person.userId, address: event.address }, 'second factor')
  await queueMail(tx, {
    userId: person.userId,
    to: person.email,
    subject: `${what} in Partner Tokens`,
    body: `${what} for your account in Partner Tokens, on ${momentText(event.occurredAt)}.

If it was you, there is nothing to do.
If it was not you, change your password at once, end all other sessions on your account page, and tell an owner of what you work for.
`,
    now: event.occurredAt,
  })
}

function momentText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' at ')} UTC`
}
