import { and, asc, desc, eq, isNotNull, isNull, not, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { type JobQueue, jobSchema } from '../../job-queues.ts'
import { lookAt, mails } from '../../schema/mails.ts'
import { users } from '../../schema/users.ts'
import { beyondId } from '../keyset.ts'

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

/** One that somebody may refuse is about an operation; all others are about their account, such as a new password. */
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

const isToDisabled = sql<boolean>`exists (
  select from ${users} where ${users.id} = ${mails.userId} and ${users.disabledAt} is not null)`

/**
 * What is to be sent, counted as tried from now on; nothing where it was sent or given up before, comes too late, or is for an
 * account that was disabled.
 */
export async function startMailAttempt(db: Queryable, id: string) {
  const [mail] = await db
    .update(mails)
    .set({ attempts: sql`${mails.attempts} + 1` })
    .where(
      and(eq(mails.id, id), isNull(mails.sentAt), isNotNull(mails.body), not(hasExpired), not(isToDisabled)),
    )
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

/** With it ends what the person is shown of mails that did not arrive. */
export async function markMailSent(db: Queryable, id: string, body: SpentBody) {
  const spentBody = body === 'emptied' ? sql`null` : sql`body`
  await db.execute(sql`
    with sent as (
      update ${mails} set sent_at = clock_timestamp(), last_error = null, body = ${spentBody}
      where id = ${id} returning user_id)
    update ${users} set mail_problem = null, mail_problem_since = null
    from sent where ${users.id} = sent.user_id and mail_problem_since is not null`)
}

/** It is tried again: the body is needed once more. */
export async function noteMailProblem(db: Queryable, id: string, problem: string) {
  await db.update(mails).set({ lastError: problem }).where(eq(mails.id, id))
}

/** Their person, where they have one, is shown why (`users.mail_problem`). By an array: no guess at how many reads all users. */
const shownTo = sql`
  update ${users} set mail_problem_since = coalesce(mail_problem_since, statement_timestamp()),
    mail_problem = (select last_error from given_up where given_up.user_id = ${users}.id limit 1)
  where id = any(array(select user_id from given_up))`

export async function giveUpMail(db: Queryable, id: string, problem: string) {
  await db.execute(sql`
    with given_up as (
      update ${mails} set last_error = ${problem}, given_up_at = statement_timestamp(), body = null
      where id = ${id} returning user_id, last_error)
    ${shownTo}`)
}

const sending: JobQueue = 'send-mail'

/**
 * When something tries the mail again; null where nothing does any more. A worker that was killed in the last try has left it
 * without a job that does.
 */
const triedAgainAt = sql`(
  select start_after from ${sql.identifier(jobSchema)}.job
  where job.name = ${sending} and job.id = ${mails.id} and job.state < 'completed')`

export type GivenUpMail = { id: string; problem: string }

/**
 * Gives up what comes too late, and what was tried for the last time, whatever became of that try. Looks at what is due to be
 * looked at, not at all that is unsent, and passes over what others have in hand. What is tried further is looked at again
 * a minute after that.
 * @param limit of those that are looked at.
 * @returns those that this call gave up, and why.
 */
export async function giveUpMails(
  db: Queryable,
  limit: number,
): Promise<{ givenUp: GivenUpMail[]; mayBeMore: boolean }> {
  const { rows } = await db.execute<{ looked: number; givenUp: GivenUpMail[] }>(sql`
    with looked as materialized (
      select id, ${hasExpired} or ${triedAgainAt} is null as is_spent from ${mails}
      where sent_at is null and body is not null and ${lookAt(mails)} <= statement_timestamp()
      order by ${lookAt(mails)} limit ${limit} for update skip locked),
    later as (
      update ${mails} set next_look_at = greatest(${triedAgainAt}, clock_timestamp()) + interval '1 minute'
      where id = any(array(select id from looked where not is_spent))),
    given_up as (
      update ${mails} set given_up_at = statement_timestamp(), body = null,
        last_error = coalesce(last_error, case when ${hasExpired}
          then 'It could not be sent before its address expired.' else 'Its last try came to no end.' end)
      where id = any(array(select id from looked where is_spent))
      returning id, user_id, last_error),
    shown as (${shownTo})
    select (select count(*)::int from looked) as looked,
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'problem', last_error)), '[]') from given_up) as "givenUp"`)
  const { looked = 0, givenUp = [] } = rows[0] ?? {}
  return { givenUp, mayBeMore: looked === limit }
}

/** Nobody is shown a problem, there is none: what the mail says is no longer so, or its reader may not see it any more. */
const drop = (which: SQL) => sql`
  update ${mails} set last_error = 'It is not true any more, or not for its reader.', given_up_at = statement_timestamp(), body = null
  where sent_at is null and body is not null and ${which}`

/** Those that wait for one person and hold the path; locked. */
export async function lockMailsWithPath(tx: Queryable, { userId, path }: { userId: string; path: string }) {
  return tx
    .select({ id: mails.id, body: sql<string>`${mails.body}` })
    .from(mails)
    .where(
      and(
        eq(mails.userId, userId),
        isNull(mails.sentAt),
        isNotNull(mails.unsubscribeUrl),
        sql`strpos(${mails.body}, ${path}) > 0`,
      ),
    )
    .orderBy(asc(mails.id))
    .for('no key update')
}

export async function updateMailBody(tx: Queryable, id: string, body: string) {
  await tx.update(mails).set({ body }).where(eq(mails.id, id))
}

/** Mails to one person that nobody may refuse, that expire and hold the path are not sent any more. */
export async function dropExpiringMails(tx: Queryable, { userId, path }: { userId: string; path: string }) {
  const isOne = sql`unsubscribe_url is null and expires_at is not null`
  await tx.execute(drop(sql`user_id = ${userId} and ${isOne} and strpos(body, ${path}) > 0`))
}

/** The same of this one, where its person was disabled since it was written. */
export async function dropMailToDisabled(db: Queryable, id: string) {
  await db.execute(drop(sql`id = ${id} and ${isToDisabled}`))
}

/** The same of these, as far as they wait. */
export async function dropMails(tx: Queryable, ids: string[]) {
  if (ids.length === 0) return
  const listed = sql`select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)`
  await tx.execute(drop(sql`id in (${listed})`))
}

/** The newest first, those older than `after`. For the demo, which shows everybody’s. */
export async function listMails(
  db: Queryable,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return db
    .select()
    .from(mails)
    .where(beyondId('desc', mails.id, after))
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
