import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { insertAccountNotice } from '#db/queries/notifications/account-notices.ts'
import { afterCommit } from '#db/transaction.ts'
import type { AuditEvent } from '../audit/record.ts'
import { noticed } from '../process/web-counters.ts'
import { queueMail } from './mails/queue-mail.ts'

type AccountChange = Pick<AuditEvent, 'action' | 'occurredAt' | 'by' | 'address'> & {
  /** Whose account it is. */
  person: { userId: string; email: string }
  /** What they read: `A passkey was added`. */
  what: string
}

/** One line and one count; and says in the person's inbox, and by a mail that cannot be refused, how their account can be signed in to from now on. */
export async function notifyOfAccount(
  tx: Queryable,
  { person, what, action, occurredAt, by, address }: AccountChange,
): Promise<void> {
  const { userId, email } = person
  afterCommit(() => noticed('account_change', { what: action }, { userId, address }))
  // Where somebody else sits is not theirs to know.
  const details = address && by?.userId === userId ? { address } : null
  await insertAccountNotice(tx, {
    ...{ id: uuidv7({ msecs: occurredAt.getTime() }), userId, kind: action, details, occurredAt },
  })
  await queueMail(tx, {
    userId,
    to: email,
    subject: `${what} in Partner Tokens`,
    body: `${what} for your account in Partner Tokens, on ${momentText(occurredAt)}.

If it was you, there is nothing to do.
If it was not you, change your password at once, end all other sessions on your account page, and tell an owner of what you work for.
`,
    now: occurredAt,
  })
}

function momentText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' at ')} UTC`
}
