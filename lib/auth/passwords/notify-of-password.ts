import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { insertAccountNotice } from '#db/queries/notifications/account-notices.ts'
import { readMailReader } from '#db/queries/people/users.ts'
import { afterCommit } from '#db/transaction.ts'
import { momentWords } from '../../notifications/mails/moment-words.ts'
import { queueMail } from '../../notifications/mails/queue-mail.ts'
import { noticed } from '../../process/web-counters.ts'

const verbs = { 'password.changed': 'changed', 'password.reset': 'set anew from a mail' }

/** One line and one count; and notifies the person, in the inbox and by a mail that cannot be refused, that the account has another password. */
export async function notifyOfPassword(
  tx: Queryable,
  { userId, email }: { userId: string; email: string },
  { kind, address, now }: { kind: keyof typeof verbs; address: string | null; now: Date },
): Promise<void> {
  afterCommit(() => noticed('account_change', { what: kind }, { userId, address }))
  const details = address ? { address } : null
  await insertAccountNotice(tx, {
    ...{ id: uuidv7({ msecs: now.getTime() }), userId, kind, details, occurredAt: now },
  })
  const at = momentWords(now, await readMailReader(tx, userId))
  await queueMail(tx, {
    userId,
    to: email,
    subject: 'Your password for Partner Tokens was changed',
    body: `The password of your account in Partner Tokens was ${verbs[kind]} on ${at}${address ? `, from ${address}` : ''}.
All other sessions were ended.

If it was you, there is nothing to do.
If it was not you, open Partner Tokens, choose "Forgot your password?" on the sign-in page and set a new one at once; then
tell an owner of your store or partner account.
`,
    now,
  })
}
