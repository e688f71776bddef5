import { and, asc, desc, eq, gt, isNotNull, isNull, lt, not, or, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { type JobQueue, jobSchema } from '../job-queues.ts'
import { mails } from '../schema/mails.ts'

export type NewMail = Pick<
  typeof mails.$inferInsert,
  'id' | 'userId' | 'toAddress' | 'subject' | 'body' | 'unsubscribeUrl' | 'createdAt' | 'expiresAt'
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
    .where(and(eq(mails.attempts, 0), isNotNull(mails.body)))
    .orderBy(mayBeRefused, asc(mails.id))
    .limit(limit)
}

const hasExpired = sql<boolean>`coalesce(${mails.expiresAt} <= clock_timestamp(), false)`

/** What is to be sent, counted as tried from now on; nothing where it was sent or given up before, or comes too late. */
export async function startMailAttempt(db: Queryable, id: string) {
  const [mail] = await db
    .update(mails)
    .set({ attempts: sql`${mails.attempts} + 1` })
    .where(and(eq(mails.id, id), isNull(mails.sentAt), isNotNull(mails.body), not(hasExpired)))
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

const sending: JobQueue = 'send-mail'

/** Whether something still tries to send it. A worker that was killed in the last try has left it without a job that does. */
const isTriedFurther = sql<boolean>`exists (
  select from ${sql.identifier(jobSchema)}.job
  where job.name = ${sending} and job.id = ${mails.id} and job.state < 'completed')`

/** Gives up what comes too late, and what was tried for the last time, whatever became of that try. */
export async function giveUpMails(db: Queryable) {
  await db
    .update(mails)
    .set({
      lastError: sql`coalesce(${mails.lastError}, case when ${hasExpired}
        then 'It could not be sent before its address expired.' else 'Its last try came to no end.' end)`,
      ...spent.emptied,
    })
    .where(
      and(
        isNull(mails.sentAt),
        isNotNull(mails.body),
        or(hasExpired, and(gt(mails.attempts, 0), not(isTriedFurther))),
      ),
    )
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
