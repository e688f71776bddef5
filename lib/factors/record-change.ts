import type { Queryable } from '#db/client.ts'
import { columnsOf, type Party } from '../access/party.ts'
import { type AuditEvent, recordAudit } from '../audit/record.ts'
import { notifyOfAccount } from '../notifications/notify-of-account.ts'

type Change = Pick<AuditEvent, 'action' | 'occurredAt' | 'by' | 'address' | 'details'> & {
  /** Whose second factor it is. */
  person: { userId: string; email: string }
  /** What they read: `A passkey was added`. */
  what: string
  party?: Party
}

/** Audit row, notice and mail, one line and one count of a change to somebody's second factor, in its transaction. */
export async function recordFactorChange(tx: Queryable, change: Change): Promise<void> {
  const { person, what, party, ...event } = change
  await recordAudit(tx, [{ ...event, ...(party && columnsOf(party)) }])
  await notifyOfAccount(tx, { person, what, ...event })
}
