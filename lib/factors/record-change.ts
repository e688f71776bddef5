import type { Queryable } from '#db/client.ts'
import { columnsOf, type Party } from '../access/party.ts'
import { type AuditEvent, recordAudit } from '../audit/record.ts'
import { notifyOfAccount } from '../notifications/notify-of-account.ts'
import { log } from '../process/log.ts'

type Change = Pick<AuditEvent, 'action' | 'occurredAt' | 'by' | 'address' | 'details'> & {
  /** Whose second factor it is. */
  person: { userId: string; email: string }
  /** What they read: `A passkey was added`. */
  what: string
  party?: Party
}

/** Audit row, log line, notice and mail of a change to somebody's second factor, in its transaction. */
export async function recordFactorChange(tx: Queryable, change: Change): Promise<void> {
  const { person, what, party, ...event } = change
  await recordAudit(tx, [{ ...event, ...(party && columnsOf(party)) }])
  log.info({ action: event.action, userId: person.userId, address: event.address }, 'second factor')
  await notifyOfAccount(tx, { person, what, ...event })
}
