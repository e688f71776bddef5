import { z } from 'zod'
import { addMutedMail, readMutedMails, setMutedMails } from '#db/queries/muted-mails.ts'
import type { Database } from '../database.ts'
import { outOfDate } from '../row-id.ts'
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
  user: { userId: string },
  wanted: MailKind[],
  { db }: Tools,
): Promise<void> {
  await setMutedMails(
    db,
    user,
    mailKinds.filter((kind) => !wanted.includes(kind)),
  )
}

/** Ends mails of one kind for whom the signed link was written to; nobody has to sign in for that (RFC 8058). */
export async function stopMails({ userId, kind }: MailsOfKind, { db }: Tools): Promise<void> {
  await addMutedMail(db, { userId }, kind)
}
