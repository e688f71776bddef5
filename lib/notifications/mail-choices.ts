import { z } from 'zod'
import { currentTime } from '#db/queries/current-time.ts'
import { addMutedMail, readMutedMails, setMutedMails } from '#db/queries/notifications/muted-mails.ts'
import { afterCommit } from '#db/transaction.ts'
import { changingAccount } from '../access/changing.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import { ok, type Result } from '../result.ts'
import { outOfDate } from '../text/row-id.ts'
import { type MailKind, mailKindSchema, mailKinds } from './kinds.ts'
import type { MailsOfKind } from './unsubscribe-link.ts'

type Tools = { db: Database }

/** The kinds of mails that the person wants. */
export const wantedMailsSchema = z.array(mailKindSchema, outOfDate).max(mailKinds.length, outOfDate)

/** The kinds of mails that the person gets. */
export async function wantedMails({ userId }: { userId: string }, { db }: Tools): Promise<MailKind[]> {
  const muted = (await readMutedMails(db, { userId })) ?? []
  return mailKinds.filter((kind) => !muted.includes(kind))
}

/** From now on the person gets mails of these kinds and of no others. Mails that cannot be refused come all the same. */
export async function chooseMails(
  user: { userId: string; name: string; sessionId?: string },
  wanted: MailKind[],
  { db, address }: Tools & { address: string | null },
): Promise<Result<{ wanted: number }, 'signed-out'>> {
  const muted = mailKinds.filter((kind) => !wanted.includes(kind))
  return changingAccount(user, db, async (tx) => {
    await setMutedMails(tx, user, muted)
    afterCommit(() => noticed('account_change', { what: 'mails-chosen' }, { userId: user.userId }))
    await recordAudit(tx, [
      {
        ...{ action: 'mails.chosen', occurredAt: await currentTime(tx), address },
        ...{ by: { userId: user.userId, userName: user.name }, details: { muted: muted.join(' ') } },
      },
    ])
    return ok({ wanted: wanted.length })
  })
}

/** Ends mails of one kind for whom the signed link was written to; nobody has to sign in for that (RFC 8058). */
export async function stopMails({ userId, kind }: MailsOfKind, { db }: Tools): Promise<void> {
  noticed('account_change', { what: 'mails-stopped' }, { userId })
  await db.transaction(async (tx) => {
    await addMutedMail(tx, { userId }, kind)
    const occurredAt = await currentTime(tx)
    // Whoever has the mail can do it: the record names nobody.
    await recordAudit(tx, [{ action: 'mails.unsubscribed', occurredAt, by: null, details: { userId, kind } }])
  })
}
