import { and, desc, eq, gt, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { sessions } from '../../schema/sessions.ts'
import { users } from '../../schema/users.ts'

/** Whose sessions a query may see or end. There is no query without a person. */
export type SessionScope =
  | { userId: string; sessionId: string }
  | { userId: string; otherThan: string }
  | { userId: string; which: 'all' }

function inScope(scope: SessionScope): SQL[] {
  const ofUser = eq(sessions.userId, scope.userId)
  if ('sessionId' in scope) return [ofUser, eq(sessions.id, scope.sessionId)]
  if ('otherThan' in scope) return [ofUser, ne(sessions.id, scope.otherThan)]
  return [ofUser]
}

const isLive = (now: Date) => [isNull(sessions.endedAt), gt(sessions.expiresAt, now)]

export async function insertSession(tx: Queryable, session: typeof sessions.$inferInsert) {
  await tx.insert(sessions).values(session)
}

/** The session and its person, who may be disabled; nothing where it ended, expired, or is another person's. */
export async function findLiveSession(
  db: Queryable,
  scope: { userId: string; sessionId: string },
  now: Date,
) {
  const [found] = await db
    .select({
      sessionId: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      userId: users.id,
      name: users.name,
      email: users.email,
      disabledAt: users.disabledAt,
      language: users.language,
      timeZone: users.timeZone,
      provedAt: sessions.provedAt,
      secondFactor: sessions.secondFactor,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(...inScope(scope), ...isLive(now)))
  return found
}

/** Of two requests at the same time only one writes. */
export async function touchSession(
  db: Queryable,
  scope: { userId: string; sessionId: string },
  seen: { at: Date; unlessSince: Date; expiresAt: Date },
) {
  await db
    .update(sessions)
    .set({ lastSeenAt: seen.at, expiresAt: seen.expiresAt })
    .where(and(...inScope(scope), ...isLive(seen.at), lt(sessions.lastSeenAt, seen.unlessSince)))
}

/** The person's live sessions, the one last seen first. */
export async function listLiveSessions(
  db: Queryable,
  { userId }: { userId: string },
  now: Date,
  limit: number,
) {
  return db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      address: sessions.address,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), ...isLive(now)))
    .orderBy(desc(sessions.lastSeenAt), sessions.id)
    .limit(limit)
}

/** Ends what is still live. @returns the ids of the sessions that this call ended. */
export async function endLiveSessions(tx: Queryable, scope: SessionScope, now: Date) {
  const ended = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(...inScope(scope), ...isLive(now)))
    .returning({ id: sessions.id })
  return ended.map((session) => session.id)
}

/**
 * Whether the session still lives and its person may sign in. Where it does, nobody ends it until we commit; a password that
 * is changed ends it too.
 */
export async function lockLiveSession(
  tx: Queryable,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<boolean> {
  const { rowCount } = await tx.execute(sql`
    select from ${sessions} join ${users} on ${users.id} = ${sessions.userId} and ${users.disabledAt} is null
    where ${sessions.id} = ${sessionId} and ${sessions.userId} = ${userId} and ${sessions.endedAt} is null
      and ${sessions.expiresAt} > clock_timestamp()
    for share of ${sql.identifier('sessions')}`)
  return rowCount === 1
}

/** Goes on under another id: the old cookie is worth nothing from then on. False where it does not live any more. */
export async function replaceSession(
  tx: Queryable,
  scope: { userId: string; sessionId: string },
  newId: string,
  now: Date,
): Promise<boolean> {
  const [old] = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(...inScope(scope), ...isLive(now)))
    .returning()
  if (!old) return false
  await tx.insert(sessions).values({ ...old, id: newId, endedAt: null, lastSeenAt: now })
  return true
}

/** Ends those of the person's live sessions that were seen longest ago, beyond `keep`. @returns the ids of those. */
export async function endOldestSessions(
  tx: Queryable,
  { userId, keep }: { userId: string; keep: number },
  now: Date,
): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`
  const { rows } = await tx.execute<{ id: string }>(sql`
    update ${sessions} set ended_at = ${at} where id in (
      select id from ${sessions} where user_id = ${userId} and ended_at is null and expires_at > ${at}
      order by last_seen_at desc, id desc offset ${keep})
    returning id`)
  return rows.map(({ id }) => id)
}

/** Those that expired, or were ended, before then. @returns how many, `limit` at most. */
export async function deleteSessionsBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const at = sql`${before.toISOString()}::timestamptz`
  const { rowCount } = await db.execute(sql`
    delete from ${sessions} where id in (
      select id from ${sessions} where expires_at < ${at} or ended_at < ${at} limit ${limit} for update skip locked)`)
  return rowCount ?? 0
}
