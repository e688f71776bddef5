import type { Queryable } from '../client.ts'
import { mails } from '../schema/mails.ts'

export type NewMail = Pick<
  typeof mails.$inferInsert,
  'id' | 'userId' | 'toAddress' | 'subject' | 'body' | 'unsubscribeUrl' | 'createdAt'
>

/** One statement, however many. */
export async function insertMails(tx: Queryable, list: NewMail[]) {
  if (list.length > 0) await tx.insert(mails).values(list)
}
