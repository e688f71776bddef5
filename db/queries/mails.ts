import { and, asc, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { mails } from '../schema/mails.ts'

export type NewMail = Pick<
  typeof mails.$inferInsert,
  'id' | 'userId' | 'toAddress' | 'subject' | 'body' | 'unsubscribeUrl' | 'createdAt'
>

const rowsAtOnce = 1_000

/** One statement for a thousand. */
export async function insertMails(tx: Queryable, list: NewMail[]) {
  for (let n = 0; n < list.length; n += rowsAtOnce) {
    await tx.insert(mails).values(list.slice(n, n + rowsAtOnce))
  }
}

/** One that somebody may refuse is about a deed; all others are about his account, such as a new password. */
const mayBeRefused = sql<boolean>`(${mails.unsubscribeUrl} is not null)`

/** Mails that nobody tried to send yet: those about accounts first, then the oldest. */
export async function listUntriedMails(db: Queryable, limit: number) {
  return db
    .select({ id: mails.id, mayBeRefused })
    .from(mails)
    .where(eq(mails.attempts, 0))
    .orderBy(mayBeRefused, asc(mails.id))
    .limit(limit)
}

/** What is to be sent, counted as tried from now on; nothing where it was sent, or given up, before. */
export async function startMailAttempt(db: Queryable, id: string) {
  const [mail] = await db
    .update(mails)
    .set({ attempts: sql`${mails.attempts} + 1` })
    .where(and(eq(mails.id, id), isNull(mails.sentAt), isNotNull(mails.body)))
    .returning({
      id: mails.id,
      toAddress: mails.toAddress,
      subject: mails.subject,
      body: sql<string>`${mails.body}`,
      unsubscribeUrl: mails.unsubscribeUrl,
      createdAt: mails.createdAt,
    })
  return mail
}

/** What becomes of a body that nobody needs any more. */
export type SpentBody = 'emptied' | 'kept'

const spent = { emptied: { body: null }, kept: {} }

export async function markMailSent(db: Queryable, id: string, body: SpentBody) {
  await db
    .update(mails)
    .set({ sentAt: sql`clock_timestamp()`, lastError: null, ...spent[body] })
    .where(eq(mails.id, id))
}

/** @param outcome `tried-again`: the body is needed once more. */
export async function noteMailProblem(
  db: Queryable,
  id: string,
  { problem, outcome }: { problem: string; outcome: 'tried-again' | 'given-up' },
) {
  await db
    .update(mails)
    .set({ lastError: problem, ...spent[outcome === 'given-up' ? 'emptied' : 'kept'] })
    .where(eq(mails.id, id))
}

/** The newest first, before `before`. For the demo, which shows everybody’s. */
export async function listMails(
  db: Queryable,
  { before, limit }: { before?: string | undefined; limit: number },
) {
  return db
    .select()
    .from(mails)
    .where(before === undefined ? undefined : lt(mails.id, before))
    .orderBy(desc(mails.id))
    .limit(limit)
}

/** @returns how many, `limit` at most. */
export async function deleteMailsBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${mails} where id in (
      select id from ${mails} where created_at < ${before.toISOString()}::timestamptz order by created_at limit ${limit})`)
  return rowCount ?? 0
}
