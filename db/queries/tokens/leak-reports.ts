import { eq, lt, notInArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import { leakReports } from '../../schema/leak-reports.ts'
import { stores } from '../../schema/stores.ts'
import { tokens } from '../../schema/tokens.ts'
import { live } from './tokens.ts'

export type ReportRow = typeof leakReports.$inferSelect

export async function insertReports(tx: Queryable, reports: (typeof leakReports.$inferInsert)[]) {
  if (reports.length > 0) await tx.insert(leakReports).values(reports)
}

/** The first that came of those that no other worker has in hand. */
export async function lockNextReport(
  tx: Queryable,
  besides: readonly string[],
): Promise<ReportRow | undefined> {
  const [report] = await tx
    .select()
    .from(leakReports)
    .where(besides.length > 0 ? notInArray(leakReports.id, [...besides]) : undefined)
    .orderBy(leakReports.id)
    .limit(1)
    .for('update', { skipLocked: true })
  return report
}

export async function deleteReport(tx: Queryable, id: string) {
  await tx.delete(leakReports).where(eq(leakReports.id, id))
}

/** Those that nothing came of: `limit` at most. @returns how many. */
export async function deleteReportsBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const old = db
    .select({ id: leakReports.id })
    .from(leakReports)
    .where(lt(leakReports.receivedAt, before))
    .limit(limit)
  const { rowCount } = await db.delete(leakReports).where(sql`${leakReports.id} in ${old}`)
  return rowCount ?? 0
}

/** Which tokens a report is about, live or not, whoever's they are: for the worker alone. */
export async function listReportedTokens(tx: Queryable, { hashes }: Pick<ReportRow, 'hashes'>) {
  const { rows } = await tx.execute<{ id: string; storeId: string; partnerId: string; hash: string }>(sql`
    select ${tokens.id} as id, ${tokens.storeId} as "storeId", ${tokens.partnerId} as "partnerId", given.hash
    from unnest(${sql.param(hashes)}::text[]) as given (hash) join ${tokens} on ${tokens.hash} = decode(given.hash, 'hex')
    order by ${tokens.storeId}, ${tokens.id}`)
  return rows
}

/** Those of the tokens, which are locked, that calls are accepted with, or will be again. */
export async function listLiveAmong(tx: Queryable, tokenIds: string[]): Promise<Set<string>> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select ${tokens.id} as id from ${tokens} where ${tokens.id} = any(${sql.param(tokenIds)}::uuid[]) and ${live}`)
  return new Set(rows.map(({ id }) => id))
}

/** Of which a report was noted since then, without anything that came of it. */
export async function listNotedSince(tx: Queryable, tokenIds: string[], since: Date): Promise<Set<string>> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select given.id from unnest(${sql.param(tokenIds)}::uuid[]) as given (id)
    where exists (select from ${auditEvents} where ${auditEvents.tokenId} = given.id and action = 'token.reported'
      and occurred_at > ${since.toISOString()}::timestamptz)`)
  return new Set(rows.map(({ id }) => id))
}

/** What the store has chosen for tokens that are reported. */
export async function findLeakAnswer(db: Queryable, { storeId }: { storeId: string }) {
  const [store] = await db.select({ answer: stores.leakAnswer }).from(stores).where(eq(stores.id, storeId))
  return store?.answer ?? 'revoke'
}

export async function updateLeakAnswer(
  tx: Queryable,
  { storeId }: { storeId: string },
  leakAnswer: (typeof stores.$inferSelect)['leakAnswer'],
) {
  await tx.update(stores).set({ leakAnswer }).where(eq(stores.id, storeId))
}

/** Of hashes in hexadecimal those of tokens that were issued, whatever became of them. */
export async function listKnownHashes(db: Queryable, hashes: string[]): Promise<Set<string>> {
  const { rows } = await db.execute<{ hash: string }>(sql`
    select given.hash from unnest(${sql.param(hashes)}::text[]) as given (hash)
    where exists (select from ${tokens} where ${tokens.hash} = decode(given.hash, 'hex'))`)
  return new Set(rows.map(({ hash }) => hash))
}
